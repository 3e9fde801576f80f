/**
 * Replaces what could be a private key, a recovery phrase or an AWS secret in
 * a text by its kind and length: people paste keys into the wrong field, and
 * an error must not carry them on into a log.
 */
export function maskSecrets(text: string): string {
  return maskHex(text).replace(
    /\b[a-z]{3,8}(?:\s+[a-z]{3,8}){11,}\b/gi,
    (words) => `<${words.split(/\s+/).length} words>`,
  )
}

/** The same for keys alone, for texts that are prose themselves. */
export function maskHex(text: string): string {
  return text.replace(
    /(?:0x)?[0-9a-f]{64,}/gi,
    (hex) => `<${hex.replace(/^0x/i, '').length} hex digits>`,
  )
}

/** A value of the caller's as it may stand in an error: escaped and cut. */
export function quote(value: string): string {
  const masked = maskSecrets(value)
  const cut = masked.length > 80 ? `${masked.slice(0, 80)}…` : masked
  return JSON.stringify(cut)
}
