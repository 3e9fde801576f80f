// This package imports nothing, so it has its own copy of the masking in
// @keyward/core/errors. test/quotes.test.ts checks that the two agree.

/** 64 digits of hex in groups: `ab:cd`, `abcd-ef01`, `[0xab, 0xcd]`. */
const hex = /(?:0x)?[0-9a-f](?:[\s:;,._-]{0,3}(?:0x)?[0-9a-f]){63,}/gi
/** A row of words in any alphabet, like a recovery phrase. */
const phrase =
  /(?<![\p{L}\p{M}])\p{L}[\p{L}\p{M}]*(?:[\s,;:._-]+\p{L}[\p{L}\p{M}]*){11,}/gu
/** Characters that a terminal acts on instead of showing. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Makes a value safe to repeat in an error: escaped and cut to 80 characters.
 * Anything that could be a private key or a recovery phrase is replaced by its
 * kind and length, because people paste them into the wrong field.
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
