import { escapeInvisible } from '@keyward/core/errors'

/** What `styleFor` writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them.
const ours = /(\n|\t|\u001b\[(?:1|2|22|31|32|33|36|39)m)/

/**
 * A text as it may reach a terminal. Names and messages of AWS, nodes and
 * contracts are in it, and none of them may move the cursor, hide or reorder
 * what stands beside it: all but newline, tab and our own colours is escaped.
 *
 * @param colours - Whether ours are written there at all.
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
