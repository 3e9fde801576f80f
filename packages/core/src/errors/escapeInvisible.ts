/**
 * Escapes what a terminal or a log viewer acts on instead of showing: C0 and C1
 * controls, DEL, line separators, and format characters (zero width, marks of
 * direction, tags). Escapes are those of JSON.
 */
export function escapeInvisible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
