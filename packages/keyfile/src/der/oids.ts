/** Object identifiers as the content of their DER element, in hex. */
export const oid = {
  idEcPublicKey: '2a8648ce3d0201',
  secp256k1: '2b8104000a',
} as const

const curves: Readonly<Record<string, string>> = {
  '2a8648ce3d030107': 'P-256 (prime256v1)',
  '2b81040022': 'P-384 (secp384r1)',
  '2b81040023': 'P-521 (secp521r1)',
  '2b81040021': 'P-224 (secp224r1)',
  '2a8648ce3d030101': 'P-192 (prime192v1)',
  '2b81040009': 'secp160k1',
  '2b8104001f': 'secp192k1',
  '2b81040020': 'secp224k1',
  '2b2403030208010107': 'brainpoolP256r1',
}

const algorithms: Readonly<Record<string, string>> = {
  '2a864886f70d010101': 'an RSA key',
  '2a864886f70d01010a': 'an RSA-PSS key',
  '2a8648ce380401': 'a DSA key',
  '2b6570': 'an Ed25519 key',
  '2b6571': 'an Ed448 key',
  '2b656e': 'an X25519 key',
  '2b656f': 'an X448 key',
}

/** For example `the curve P-256`, or its OID if it is uncommon. */
export function curveName(content: Buffer): string {
  const name = curves[content.toString('hex')]
  return name === undefined ? named('curve', content) : `the curve ${name}`
}

export function algorithmName(content: Buffer): string {
  return (
    algorithms[content.toString('hex')] ??
    `a key with ${named('algorithm', content)}`
  )
}

/** For example `the cipher 1.3.132.0.10`. */
export function named(kind: string, content: Buffer): string {
  if (content.length === 0 || content.length > 16) return `an unknown ${kind}`
  return `the ${kind} ${dotted(content)}`
}

function dotted(content: Buffer): string {
  const parts: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    parts.push(value)
    value = 0
  }
  const [head = 0, ...rest] = parts
  const top = Math.min(2, Math.floor(head / 40))
  return [top, head - top * 40, ...rest].join('.')
}
