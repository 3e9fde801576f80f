/** The visible length of a text, without color codes. */
export function lengthOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the colours.
  return text.replaceAll(/\u001b\[\d+m/g, '').length
}
