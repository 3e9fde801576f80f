import { escapeInvisible } from './escapeInvisible.js'

/** 64 hex digits in groups: `ab:cd`, `abcd-ef01`, `[0xab, 0xcd]`. */
const groupedHex = /(?:0x)?[0-9a-f](?:[\s:;,._-]{0,3}(?:0x)?[0-9a-f]){63,}/gi
/** A run of words in any alphabet, like a recovery phrase. */
const phrase =
  /(?<![\p{L}\p{M}])\p{L}[\p{L}\p{M}]*(?:[\s,;:._-]+\p{L}[\p{L}\p{M}]*){11,}/gu

/**
 * Replaces anything in user input that could be a private key or a recovery
 * phrase with its kind and length. People paste keys into the wrong field, and
 * an error must not carry them into a log.
 */
export function maskSecrets(text: string): string {
  return maskHex(text)
    .replace(groupedHex, describeHex)
    .replace(phrase, (words) => `<${words.split(/[\s,;:._-]+/).length} words>`)
}

/**
 * Like {@link maskSecrets}, but masks only keys, for text that consists of
 * prose.
 */
export function maskHex(text: string): string {
  return text.replace(/(?:0x)?[0-9a-f]{64,}/gi, describeHex)
}

function describeHex(hex: string): string {
  return `<${hex.replace(/0x|[^0-9a-f]/gi, '').length} hex digits>`
}

/** Whether user input could be a private key or a recovery phrase. */
export function mayBeSecret(text: string): boolean {
  return maskSecrets(text) !== text
}

/** User input made safe for an error message: masked, escaped and cut. */
export function quote(value: string): string {
  const masked = maskSecrets(value)
  const cut = masked.length > 80 ? `${masked.slice(0, 80)}…` : masked
  return escapeInvisible(JSON.stringify(cut))
}
