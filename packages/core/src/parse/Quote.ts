import { escapeInvisible } from '../errors/escapeInvisible.js'

/** The longest part of a caller's value that a message repeats. */
const maxLength = 80
/** Longer strings are not searched for secrets; only their length is shown. */
const maxSearched = 4096
/**
 * An address (42 characters) is shorter, but every usual form of a 32-byte key
 * has at least this length: hex, decimal, base64, WIF, an extended key.
 */
const longToken = /[A-Za-z0-9+/=_]{43,}/
/** A key written with separators, such as `ab:cd:...`, or in groups. */
const longHex = /[0-9a-fA-F]{56,}/
const separators = /[\s:;,._'"[\]{}()-]+/g

/**
 * A caller's value, made safe for an error message or a log: JSON-escaped and
 * cut to 80 characters. People paste keys into the wrong field, so anything
 * that might be a secret (32 bytes of hex, a mnemonic, a key in another
 * notation) is replaced with its kind and length. Of objects and arrays, only
 * the kind is shown.
 */
export function value(came: unknown): string {
  if (came === undefined) return 'nothing'
  if (came === null || typeof came === 'boolean') return String(came)
  if (typeof came === 'number') return quoteNumber(came)
  if (typeof came === 'bigint') return quoteBigInt(came)
  if (typeof came === 'string') return quoteString(came)
  if (Array.isArray(came)) return `an array of ${count(came.length, 'item')}`
  return typeof came === 'object' ? 'an object' : `a ${typeof came}`
}

/**
 * A service's text, made safe for an answer, a log or a terminal: on one line,
 * cut, and with invisible and direction-changing characters escaped. The text
 * may contain secrets, so mask them first.
 */
export function line(text: string, maxLength: number): string {
  const json = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  const cut = escapeInvisible(json).slice(0, maxLength)
  // A lone surrogate is not a character.
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}

/** A value's kind, plus the length of a string or an array. */
export function kind(came: unknown): string {
  if (typeof came === 'string') return kindAndLength(came)
  if (typeof came === 'number' || typeof came === 'bigint') return 'a number'
  return value(came)
}

/**
 * A field's name as shown in a path: plain if it is a short identifier,
 * otherwise quoted like {@link value}. A name may contain a secret just as a
 * value may.
 */
export function name(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]{0,39}$/.test(name) ? name : value(name)
}

function quoteNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function quoteBigInt(value: bigint): string {
  const digits = value.toString()
  return digits.length < 43 ? digits : `a number of ${digits.length} digits`
}

function quoteString(value: string): string {
  if (value.length > maxSearched) return kindAndLength(value)
  if (mayBeSecret(value)) return kindAndLength(value)
  const cut = value.length > maxLength
  // Cutting a surrogate pair in half is harmless: JSON escapes a lone half.
  const json = toJson(cut ? value.slice(0, maxLength) : value)
  return cut ? `${json}... (${value.length} characters)` : json
}

function mayBeSecret(value: string): boolean {
  if (longToken.test(value)) return true
  if (longHex.test(value.replace(separators, ''))) return true
  return words(value).length >= 12
}

function words(value: string): string[] {
  return value.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '')
}

function kindAndLength(value: string): string {
  const head = value.slice(0, maxSearched)
  if (/^0x[0-9a-fA-F]+$/.test(head))
    return `a hex string of ${count(Math.ceil((value.length - 2) / 2), 'byte')}`
  if (/^[0-9a-fA-F]*[a-fA-F][0-9a-fA-F]*$/.test(head))
    return `a hex string of ${count(Math.ceil(value.length / 2), 'byte')} without 0x`
  if (/^[0-9]+$/.test(head))
    return `a string of ${count(value.length, 'digit')}`
  if (value.length <= maxSearched && words(value).length >= 12)
    return `text of ${words(value).length} words`
  return `a string of ${count(value.length, 'character')}`
}

function toJson(value: string): string {
  return escapeInvisible(JSON.stringify(value))
}

function count(length: number, noun: string): string {
  return `${length} ${noun}${length === 1 ? '' : 's'}`
}
