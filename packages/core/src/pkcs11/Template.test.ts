import { expect, test } from 'vitest'
import * as Template from './Template.js'

// Windows has a CK_ULONG of 4 bytes. No token has been tried there.
test.each([
  [8, '0300000000000000'],
  [4, '03000000'],
])('a number has %d bytes, the lowest first', (ulongBytes, hex) => {
  const [attribute] = Template.encode({ class: 3 }, ulongBytes)
  expect(attribute).toMatchObject({ type: 0, ulValueLen: ulongBytes })
  const bytes = Buffer.from(attribute?.pValue ?? [])
  expect(bytes.toString('hex')).toBe(hex)
  expect(Template.toNumber(bytes)).toBe(3)
})

test.each([
  [8, 2n ** 40n + 5n],
  [4, 5],
])('consecutive handles of %d bytes are read', (size, second) => {
  const bytes = Buffer.alloc(2 * size)
  if (size === 8) bytes.writeBigUInt64LE(BigInt(second), size)
  else bytes.writeUInt32LE(Number(second), size)
  expect(Template.readUlong(bytes, 1, size)).toBe(second)
})

test('a boolean is exactly one byte', () => {
  expect(Template.toBoolean(Uint8Array.of(1))).toBe(true)
  expect(Template.toBoolean(Uint8Array.of(0))).toBe(false)
  expect(Template.toBoolean(Uint8Array.of(1, 0))).toBe(undefined)
  expect(Template.toBoolean(undefined)).toBe(undefined)
})

test('an attribute that the token does not return has length -1', () => {
  const asked = Template.ask('ecPoint')
  asked.template[0] = { ...asked.template[0], ulValueLen: 2n ** 64n - 1n }
  expect(asked.read()).toBe(undefined)
})
