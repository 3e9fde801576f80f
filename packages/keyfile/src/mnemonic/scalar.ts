import { allocate } from '../allocate.js'
import { wipe } from '../wipe.js'

/** The order n of secp256k1, as bytes. */
const order = Buffer.from(
  'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
  'hex',
)

/** Whether 32 bytes are in 1..n-1. */
export function isScalar(bytes: Buffer): boolean {
  return bytes.compare(order) < 0 && bytes.some((byte) => byte !== 0)
}

/**
 * a + b mod n, for 32 bytes below n each. It works on bytes, because a bigint
 * can't be zeroed, and takes the same steps for all values.
 */
export function addModOrder(a: Buffer, b: Buffer): Buffer {
  const sum = allocate(32)
  const reduced = allocate(32)
  let carry = 0
  let borrow = 0
  for (let i = 31; i >= 0; i--) {
    const digit = (a[i] ?? 0) + (b[i] ?? 0) + carry
    sum[i] = digit
    carry = digit >> 8
    const rest = (digit & 0xff) - (order[i] ?? 0) - borrow
    reduced[i] = rest
    borrow = (rest >> 8) & 1
  }
  // The sum is below n exactly if nothing was carried and subtracting n had to
  // borrow.
  const mask = -(borrow & ~carry & 1) & 0xff
  for (let i = 0; i < 32; i++)
    reduced[i] = ((sum[i] ?? 0) & mask) | ((reduced[i] ?? 0) & ~mask)
  wipe(sum)
  return reduced
}
