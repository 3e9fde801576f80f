import { expect, test } from 'vitest'
import { wrapLines } from './wrapLines.js'

test.each([
  ['prose, between words', 'one two three', 8, 'one two\nthree'],
  ['what just fits', 'one two', 7, 'one two'],
  ['items, under their text', '- one two three', 9, '- one two\n  three'],
  [
    'a word that is too long',
    'one 0x0123456789 two',
    6,
    'one\n0x0123456789\ntwo',
  ],
  ['not commands', '  keyward tx list', 8, '  keyward tx list'],
  [
    'rows, in their column',
    'to  one two three',
    9,
    'to  one\n    two\n    three',
  ],
  ['rows that are indented', '  to  one two', 12, '  to  one\n      two'],
  [
    'behind a word and a colon',
    '  so: one twenty',
    12,
    '  so: one\n      twenty',
  ],
  ['behind a long label', 'a label  one two', 13, 'a label  one\n  two'],
  ['the cells of a row', 'a  0x0123  0x4567', 10, 'a  0x0123\n   0x4567'],
  [
    'each line for itself',
    'one two\n\nthree four',
    5,
    'one\ntwo\n\nthree\nfour',
  ],
  [
    'what is coloured as it is seen',
    '\u001b[31mone two\u001b[39m',
    7,
    '\u001b[31mone two\u001b[39m',
  ],
  [
    'questions, including their last space',
    'Go on? [y/N] ',
    9,
    'Go on?\n[y/N] ',
  ],
  ['nothing in a pipe', 'one two three', undefined, 'one two three'],
])('wraps %s', (_, text, columns, wrapped) => {
  expect(wrapLines(text, columns)).toBe(wrapped)
})
