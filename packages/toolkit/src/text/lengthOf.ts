/** The visible length of a text, without color codes. */
export function lengthOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: matches the color codes.
  return text.replaceAll(/\u001b\[\d+m/g, '').length
}
