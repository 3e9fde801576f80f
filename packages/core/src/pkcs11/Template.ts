import type { Handle, RawAttribute } from './Cryptoki.js'
import { type AttributeName, attribute } from './constants.js'

/** Numbers are CK_ULONG. */
export type Values = Partial<
  Record<AttributeName, boolean | number | string | Uint8Array>
>

/** What a new object gets, or a search looks for. */
export function encode(values: Values, ulongBytes: number): RawAttribute[] {
  return Object.entries(values).map(([name, value]) => {
    const pValue = toBytes(value, ulongBytes)
    const type = attribute[name as AttributeName]
    return { type, pValue, ulValueLen: pValue.length }
  })
}

function toBytes(
  value: boolean | number | string | Uint8Array,
  ulongBytes: number,
): Uint8Array {
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0)
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(ulongBytes)
    bytes.writeUIntLE(value, 0, Math.min(6, ulongBytes))
    return bytes
  }
  return Buffer.from(value)
}

/** No attribute that is asked for is longer; a modulus of 4096 bits has 512. */
const longest = 1024

/** Room for one attribute, and how to read what the token has written there. */
export function ask(name: AttributeName): {
  template: [RawAttribute]
  /** Undefined where the token did not give it: its length is then -1. */
  read(): Uint8Array | undefined
} {
  const bytes = new Uint8Array(longest)
  const template: [RawAttribute] = [
    { type: attribute[name], pValue: bytes, ulValueLen: longest },
  ]
  return {
    template,
    read() {
      // The call has put another object in its place.
      const [{ ulValueLen }] = template
      return ulValueLen > longest
        ? undefined
        : bytes.slice(0, Number(ulValueLen))
    },
  }
}

/** Of an attribute that is a CK_BBOOL. */
export function toBoolean(bytes: Uint8Array | undefined): boolean | undefined {
  return bytes?.length === 1 ? bytes[0] !== 0 : undefined
}

/** Of an attribute that is a CK_ULONG. */
export function toNumber(bytes: Uint8Array | undefined): number | undefined {
  if (bytes?.length !== 4 && bytes?.length !== 8) return undefined
  return Number(readUlong(bytes, 0, bytes.length))
}

/** One of the numbers that a call wrote one after the other. */
export function readUlong(
  bytes: Uint8Array,
  index: number,
  ulongBytes: number,
): Handle {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return ulongBytes === 4
    ? view.getUint32(index * 4, true)
    : view.getBigUint64(index * 8, true)
}
