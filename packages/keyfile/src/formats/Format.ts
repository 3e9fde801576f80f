/** The kinds of key files, regardless of encoding. */
export type Format = 'sec1' | 'pkcs8' | 'keystore' | 'hex' | 'mnemonic'

export const formats: readonly Format[] = [
  'sec1',
  'pkcs8',
  'keystore',
  'hex',
  'mnemonic',
]
