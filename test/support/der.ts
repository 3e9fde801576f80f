/** DER built by hand, right or wrong: a tag, a length, the contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

const oids = {
  idEcPublicKey: '2a8648ce3d0201',
  secp256k1: '2b8104000a',
  p256: '2a8648ce3d030107',
  ed25519: '2b6570',
  rsa: '2a864886f70d010101',
}

export const oid = (name: keyof typeof oids): Buffer =>
  der(0x06, Buffer.from(oids[name], 'hex'))
export const integer = (...bytes: number[]): Buffer =>
  der(0x02, Buffer.from(bytes))
export const octets = (bytes: Uint8Array): Buffer => der(0x04, bytes)
export const bits = (bytes: Uint8Array): Buffer =>
  der(0x03, Buffer.from([0]), bytes)
export const sequence = (...elements: Uint8Array[]): Buffer =>
  der(0x30, ...elements)

/** ECPrivateKey (RFC 5915) of a scalar, with what is to go behind it. */
export const sec1 = (scalar: Uint8Array, ...options: Uint8Array[]): Buffer =>
  sequence(integer(1), octets(scalar), ...options)
export const namedCurve = der(0xa0, oid('secp256k1'))
export const embedded = (point: Uint8Array): Buffer => der(0xa1, bits(point))

/** PrivateKeyInfo (RFC 5208) around an ECPrivateKey. */
export const pkcs8 = (
  inner: Uint8Array,
  algorithm: Uint8Array = sequence(oid('idEcPublicKey'), oid('secp256k1')),
  ...options: Uint8Array[]
): Buffer => sequence(integer(0), algorithm, octets(inner), ...options)

/** PEM as OpenSSL lays it out. */
export function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [
    `-----BEGIN ${label}-----`,
    ...lines,
    `-----END ${label}-----`,
    '',
  ].join('\n')
}
