import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readLines } from './readLines.js'

async function read(...chunks: (string | Uint8Array)[]) {
  const lines: (string | undefined)[] = []
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
  for await (const line of readLines(stream))
    lines.push(line && Buffer.from(line).toString('latin1'))
  return lines
}

test.each<[string[], string[]]>([
  [[], []],
  [['a'], ['a']],
  [['a\n'], ['a']],
  [['a\nb'], ['a', 'b']],
  [
    ['a', 'b\nc', '\n', '\n'],
    ['ab', 'c', ''],
  ],
  [['\n\na\n'], ['', '', 'a']],
])('%j', async (chunks, expected) => {
  expect(await read(...chunks)).toEqual(expected)
})

test('a line that is too long is undefined, and the next is whole', async () => {
  const long = 'x'.repeat(5 * 1024 * 1024)
  expect(await read(long, long, `${long}\nnext\n`)).toEqual([undefined, 'next'])
})

test('a character may be split between chunks', async () => {
  const [one, two] = Buffer.from('é')
  expect(
    await read(Uint8Array.of(one as number), Uint8Array.of(two as number)),
  ).toEqual(['\u00c3\u00a9'])
})
