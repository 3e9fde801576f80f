// This package imports nothing, so it masks for itself what @keyward/core/errors
// does: test/quotes.test.ts holds the two to the same.

/** 64 digits of hex in groups: `ab:cd`, `abcd-ef01`, `[0xab, 0xcd]`. */
const hex = /(?:0x)?[0-9a-f](?:[\s:;,._-]{0,3}(?:0x)?[0-9a-f]){63,}/gi
/** Words of any alphabet in a row, as a recovery phrase has them. */
const phrase =
  /(?<![\p{L}\p{M}])\p{L}[\p{L}\p{M}]*(?:[\s,;:._-]+\p{L}[\p{L}\p{M}]*){11,}/gu
/** What a terminal acts on instead of showing it. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * A value as an error may repeat it: escaped, cut to 80 characters, and what
 * could be a private key or a recovery phrase replaced by its kind and length,
 * because people paste them into the wrong field.
 */
export function quote(value: unknown): string {
  const text = String(value)
    .replace(/(?:0x)?[0-9a-f]{64,}/gi, describeHex)
    .replace(hex, describeHex)
    .replace(phrase, (words) => `<${words.split(/[\s,;:._-]+/).length} words>`)
  const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return JSON.stringify(cut).replace(invisible, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

function describeHex(digits: string): string {
  return `<${digits.replace(/0x|[^0-9a-f]/gi, '').length} hex digits>`
}
