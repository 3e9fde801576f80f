import * as Bytes from 'ox/Bytes'
import * as Hex from 'ox/Hex'
import { invertScalar } from './invertScalar.js'
import type { PublicKey } from './PublicKey.js'
import { type Engine, recoverPublicKey } from './recoverPublicKey.js'
import { order, type Signature } from './Signature.js'

/**
 * Verifies a signature by a known key and finds its yParity. It costs one
 * recovery; trying both parities costs one and a half on average.
 *
 * The point R of a signature is z/s G + r/s Q (SEC 1, 4.1.4). The engine
 * computes (s' R' - z' G) / r' for a point R' with the x coordinate r'; given Q
 * for R', z' = -z Q.x / s and s' = r Q.x / s make that R.
 *
 * @param digest - 32 bytes.
 * @returns undefined if the signature is not by this key, or if R's x is n or
 * above, which yParity can't express.
 */
export function findYParity(
  engine: Engine,
  digest: Uint8Array,
  { r, s }: Signature,
  publicKey: PublicKey,
): 0 | 1 | undefined {
  const x = Bytes.toBigInt(publicKey.subarray(1, 33))
  const factor = (x * invertScalar(s)) % order
  const z = (factor * (order - (Bytes.toBigInt(digest) % order))) % order
  const point = recoverPublicKey(
    engine,
    Hex.toBytes(Hex.fromNumber(z, { size: 32 })),
    {
      r: x,
      s: (factor * r) % order,
      yParity: toParity(publicKey),
    },
  )
  return point !== undefined && Bytes.toBigInt(point.subarray(1, 33)) === r
    ? toParity(point)
    : undefined
}

/** Parity of the y coordinate. */
function toParity(point: Uint8Array): 0 | 1 {
  return (point[64] ?? 0) % 2 === 0 ? 0 : 1
}
