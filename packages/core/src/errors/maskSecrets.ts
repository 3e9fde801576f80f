import { escapeInvisible } from './escapeInvisible.js'

/** 64 digits of hex in groups: `ab:cd`, `abcd-ef01`, `[0xab, 0xcd]`. */
const groupedHex = /(?:0x)?[0-9a-f](?:[\s:;,._-]{0,3}(?:0x)?[0-9a-f]){63,}/gi
/** Words of any alphabet in a row, as a recovery phrase has them. */
const phrase =
  /(?<![\p{L}\p{M}])\p{L}[\p{L}\p{M}]*(?:[\s,;:._-]+\p{L}[\p{L}\p{M}]*){11,}/gu

/**
 * Replaces what could be a private key or a recovery phrase in what people
 * typed by its kind and length: they paste keys into the wrong field, and an
 * error must not carry them on into a log.
 */
export function maskSecrets(text: string): string {
  return maskHex(text)
    .replace(groupedHex, describeHex)
    .replace(phrase, (words) => `<${words.split(/[\s,;:._-]+/).length} words>`)
}

/** The same for keys alone, for texts that are prose themselves. */
export function maskHex(text: string): string {
  return text.replace(/(?:0x)?[0-9a-f]{64,}/gi, describeHex)
}

function describeHex(hex: string): string {
  return `<${hex.replace(/0x|[^0-9a-f]/gi, '').length} hex digits>`
}

/** Whether what somebody typed could be a private key or a recovery phrase. */
export function mayBeSecret(text: string): boolean {
  return maskSecrets(text) !== text
}

/** What somebody typed as it may stand in an error: masked, escaped and cut. */
export function quote(value: string): string {
  const masked = maskSecrets(value)
  const cut = masked.length > 80 ? `${masked.slice(0, 80)}…` : masked
  return escapeInvisible(JSON.stringify(cut))
}
