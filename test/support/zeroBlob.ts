import { createHash } from 'node:crypto'

const infinity = `0xc0${'00'.repeat(47)}` as const

/**
 * The blob of the zero polynomial, whose KZG commitment and proof are the point
 * at infinity: valid on a chain without a KZG library here.
 */
export const zeroBlob = {
  blob: `0x${'00'.repeat(131_072)}`,
  commitment: infinity,
  proof: infinity,
  versionedHash: `0x01${createHash('sha256')
    .update(Buffer.from(infinity.slice(2), 'hex'))
    .digest('hex')
    .slice(2)}`,
} as const
