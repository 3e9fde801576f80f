/** The allowed parts of PBES2 (RFC 8018), by the OID's content in hex. */
export const pbes2Oid = '2a864886f70d01050d'
export const pbkdf2Oid = '2a864886f70d01050c'
export const scryptOid = '2b06010401da47040b'

export type Cipher = { name: string; keyLength: number; ivLength: number }

export const ciphers: Readonly<Record<string, Cipher>> = {
  '60864801650304012a': { name: 'aes-256-cbc', keyLength: 32, ivLength: 16 },
  '608648016503040116': { name: 'aes-192-cbc', keyLength: 24, ivLength: 16 },
  '608648016503040102': { name: 'aes-128-cbc', keyLength: 16, ivLength: 16 },
  '2a864886f70d0307': { name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 },
}

/** The HMAC hash for PBKDF2. */
export const prfs: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
}
