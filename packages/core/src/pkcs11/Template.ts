import type { Handle, RawAttribute } from './Cryptoki.js'
import { type AttributeName, attribute } from './constants.js'

/** Numbers are CK_ULONGs. */
export type Values = Partial<
  Record<AttributeName, boolean | number | string | Uint8Array>
>

/** Encodes the attributes of a new object or of a search. */
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

/**
 * No requested attribute is longer than this; a 4096-bit modulus has 512 bytes.
 */
const longest = 1024

/**
 * A buffer for one attribute, and a way to read what the token writes there.
 */
export function ask(name: AttributeName): {
  template: [RawAttribute]
  /**
   * Undefined if the token did not return it, in which case its length is -1.
   */
  read(): Uint8Array | undefined
} {
  const bytes = new Uint8Array(longest)
  const template: [RawAttribute] = [
    { type: attribute[name], pValue: bytes, ulValueLen: longest },
  ]
  return {
    template,
    read() {
      // The call has replaced the object.
      const [{ ulValueLen }] = template
      return ulValueLen > longest
        ? undefined
        : bytes.slice(0, Number(ulValueLen))
    },
  }
}

/** Reads a CK_BBOOL attribute. */
export function toBoolean(bytes: Uint8Array | undefined): boolean | undefined {
  return bytes?.length === 1 ? bytes[0] !== 0 : undefined
}

/** Reads a CK_ULONG attribute. */
export function toNumber(bytes: Uint8Array | undefined): number | undefined {
  if (bytes?.length !== 4 && bytes?.length !== 8) return undefined
  return Number(readUlong(bytes, 0, bytes.length))
}

/** Reads one of the consecutive numbers that a call wrote. */
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
