import { quote } from '@keyward/core/errors'
import type { Style } from '../Style.js'

/** The format of the home's log. */
export type LogFormat = 'text' | 'json'

type Entry = Readonly<Record<string, unknown>>

/**
 * Formats an event of the home as a log line. Of a function's output, only the
 * line with a request's result is used.
 *
 * @returns Undefined if the event is not worth a line.
 */
export function toLogLine(
  event: string,
  format: LogFormat,
  style: Style,
): string | undefined {
  const [, name, text = ''] = /^([\w-]+): (\{.*\})$/s.exec(event) ?? []
  const entry = name === undefined ? undefined : parse(text)
  if (name === undefined || entry === undefined)
    return format === 'json' ? JSON.stringify({ message: event }) : event
  if (format === 'json') return JSON.stringify({ function: name, ...entry })
  return toText(name, entry, style)
}

function toText(
  name: string,
  entry: Entry,
  { dim, red, green }: Style,
): string | undefined {
  const { level, message, caller } = entry
  const time = dim(clock(entry.timestamp ?? entry.time))
  if (isObject(message)) {
    // The previous line has already reported it.
    if (message.errorType === 'TransactionNotFoundError') return undefined
    const [first = ''] = String(message.errorMessage ?? '').split('\n')
    return `${time} ${name} ${red(`${message.errorType}: ${first}`)}`
  }
  if (typeof message !== 'string') return undefined
  // The clock starts it every minute, whether or not there is work.
  if (caller === 'clock' && level === 'INFO') return undefined
  // The line with the result, which has a duration, follows.
  if (message === 'signed' && entry.duration_ms === undefined) return undefined
  if (message === 'decided') return `${time} ${name} ${decision(entry, red)}`
  const { operation = message, nonce, hash, status, code, duration_ms } = entry
  const words = [
    String(operation),
    ...(typeof nonce === 'number' ? [`nonce ${nonce}`] : []),
    ...(typeof hash === 'string' ? [shorten(hash)] : []),
    ...(typeof status === 'string' ? [green(status)] : []),
  ]
  const end = typeof duration_ms === 'number' ? ` ${duration_ms} ms` : ''
  // Before each request with an idempotency key, `send` looks it up, so this is
  // not an error.
  if (code === 'transaction-not-found')
    return `${time} ${name} get: no such transaction yet${end}`
  return level === 'INFO' || level === 'DEBUG'
    ? `${time} ${name} ${words.join(' ')}${end}`
    : `${time} ${name} ${red([message, ...(code === undefined ? [] : [String(code)])].join(' '))}${end}`
}

/**
 * Describes a policy's decision, for example `denied for payouts: windows[day]`.
 */
function decision(
  { decision, caller, rule, mode, fields }: Entry,
  red: Style['red'],
): string {
  const isDenied = decision === 'deny'
  const words = [
    isDenied ? 'denied' : 'allowed',
    ...(typeof caller === 'string' ? [`for ${plain(caller)}`] : []),
    ...(typeof rule === 'string' ? [`by ${plain(rule)}`] : []),
    ...(mode === 'shadow' && isDenied
      ? ['in shadow mode, but signed anyway']
      : []),
  ]
  const why = Array.isArray(fields) ? `: ${fields.map(plain).join(', ')}` : ''
  return isDenied ? red(`${words.join(' ')}${why}`) : words.join(' ')
}

/**
 * Makes a text safe to print. Most such texts are names and paths in a policy.
 */
function plain(text: unknown): string {
  const value = String(text)
  return /^[\w.[\]*-]{1,100}$/.test(value) ? value : quote(value)
}

/** Shortens a value, for example to `0x13f9..0384`. */
function shorten(hash: string): string {
  return /^0x[0-9a-f]{64}$/i.test(hash)
    ? `${hash.slice(0, 6)}..${hash.slice(-4)}`
    : quote(hash)
}

/** The local time, because people compare it with their own clock. */
function clock(time: unknown): string {
  const date = new Date(typeof time === 'string' ? time : Date.now())
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

function parse(text: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
