// Also covers other characters that fonts don't show (fillers, variation
// selectors).
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Escapes characters that a terminal or log viewer acts on instead of showing:
 * C0 and C1 controls, DEL, line separators, and format characters (zero width,
 * direction marks, tags). It uses JSON escapes.
 */
export function escapeInvisible(text: string): string {
  return text.replace(invisible, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
