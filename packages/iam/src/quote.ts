/**
 * A value as an error may repeat it: escaped, cut to 80 characters, and what
 * could be a private key or a recovery phrase told by its length only, because
 * people paste them into the wrong field.
 */
export function quote(value: unknown): string {
  const text = String(value)
    .replace(
      /(?:0x)?[0-9a-f]{64,}/gi,
      (hex) => `<${hex.replace(/^0x/i, '').length} hex digits>`,
    )
    .replace(
      /\b[a-z]{3,8}(?:\s+[a-z]{3,8}){11,}\b/gi,
      (words) => `<${words.split(/\s+/).length} words>`,
    )
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
