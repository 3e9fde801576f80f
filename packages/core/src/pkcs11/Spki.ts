/** OBJECT IDENTIFIER 1.3.132.0.10 in DER: the CKA_EC_PARAMS of secp256k1. */
export const secp256k1 = Uint8Array.of(6, 5, 0x2b, 0x81, 4, 0, 0x0a)

/** The SubjectPublicKeyInfo of a secp256k1 point, up to the point. */
const head = Uint8Array.of(
  ...[0x30, 0x56, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1],
  ...secp256k1,
  ...[0x03, 0x42, 0x00],
)

/**
 * @param ecPoint - CKA_EC_POINT: an OCTET STRING of the uncompressed point;
 * some tokens omit the wrapping.
 * @returns undefined if it is neither
 */
export function fromEcPoint(ecPoint: Uint8Array): Uint8Array | undefined {
  const isWrapped =
    ecPoint.length === 67 && ecPoint[0] === 0x04 && ecPoint[1] === 0x41
  const point = isWrapped ? ecPoint.subarray(2) : ecPoint
  if (point.length !== 65 || point[0] !== 0x04) return undefined
  return Uint8Array.of(...head, ...point)
}
