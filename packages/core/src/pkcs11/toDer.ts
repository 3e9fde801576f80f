/**
 * Converts r and s, concatenated as CKM_ECDSA returns them (PKCS#11, 2.3.1), to
 * an ECDSA-Sig-Value. It doesn't check that they are a valid signature.
 *
 * @param raw - 64 bytes.
 */
export function toDer(raw: Uint8Array): Uint8Array {
  const body = [
    ...toInteger(raw.subarray(0, 32)),
    ...toInteger(raw.subarray(32)),
  ]
  return Uint8Array.of(0x30, body.length, ...body)
}

function toInteger(bytes: Uint8Array): number[] {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const digits = [...bytes.subarray(start)]
  const positive = (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits
  return [0x02, positive.length, ...positive]
}
