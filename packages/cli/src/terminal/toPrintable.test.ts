import { Writable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testTerminal } from '../../../../test/support/testTerminal.js'
import { printResult } from '../output/Result.js'
import { openTerminal } from './openTerminal.js'
import { toPrintable } from './toPrintable.js'

/** One of each kind: C0, DEL, C1, direction, zero width, separators, a tag. */
const hostile =
  '\u001b]0;x\u0007\r\b\u007f\u009b2J\u202e\u2066\u200b\ufeff\u2028\u2029\u{e0041}'
const escaped =
  '\\u001b]0;x\\u0007\\u000d\\u0008\\u007f\\u009b2J\\u202e\\u2066\\u200b\\ufeff\\u2028\\u2029\\udb40\\udc41'

test('only newline, tab and our own colours reach a terminal', () => {
  expect(toPrintable(`a\tb\n${hostile}é漢`, true)).toBe(`a\tb\n${escaped}é漢`)
  expect(toPrintable('\u001b[31mx\u001b[39m\u001b[5mx', true)).toBe(
    '\u001b[31mx\u001b[39m\\u001b[5mx',
  )
  expect(toPrintable('\u001b[31mx\u001b[39m', false)).toBe(
    '\\u001b[31mx\\u001b[39m',
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(toPrintable(text, false)).not.toMatch(
        /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u,
      )
    }),
  )
})

test('notes, errors and results pass it, and --json stays what it was', async () => {
  const terminal = testTerminal()
  terminal.notify({ kind: 'note', text: hostile })
  terminal.notify({ kind: 'failure', text: hostile })
  const data = { symbol: hostile }
  await printResult(terminal, { data, text: hostile }, false)
  await printResult(terminal, { data, text: hostile }, true)
  const { stdout, stderr } = terminal.written()
  expect(stderr).toBe(`${escaped}\n${escaped}\n`)
  const [text, json = ''] = stdout.split('\n')
  expect(text).toBe(escaped)
  expect(json).toMatch(/^[\x20-\x7e]*$/)
  expect(JSON.parse(json)).toEqual(data)
})

test('bytes, such as a key file, go out as they are', () => {
  const chunks: Buffer[] = []
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  const { stdin, stderr } = process
  const bytes = Buffer.from([0x1b, 0x00, 0xff])
  openTerminal({ stdin, stdout, stderr, env: {} }).stdout.write(bytes)
  expect(Buffer.concat(chunks)).toEqual(bytes)
})
