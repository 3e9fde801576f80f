// What else fonts show nothing for (fillers, variation selectors) is among them.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Escapes what a terminal or a log viewer acts on instead of showing: C0 and C1
 * controls, DEL, line separators, and format characters (zero width, marks of
 * direction, tags). Escapes are those of JSON.
 */
export function escapeInvisible(text: string): string {
  return text.replace(invisible, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
