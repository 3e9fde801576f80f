import { escapeInvisible } from '@keyward/core/errors'

/** The codes that `styleFor` writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this looks for them.
const ours = /(\n|\t|\u001b\[(?:1|2|22|31|32|33|36|39)m)/

/**
 * Makes a text safe for a terminal. It may contain names and messages from AWS,
 * nodes and contracts, which must not move the cursor or hide or reorder other
 * text. All control characters except newline, tab and our own colors are
 * escaped.
 *
 * @param colours - Whether our own color codes may appear.
 */
export function toPrintable(text: string, colours: boolean): string {
  return text
    .split(ours)
    .map((part, at) =>
      at % 2 === 1 && (colours || part.length === 1)
        ? part
        : escapeInvisible(part),
    )
    .join('')
}
