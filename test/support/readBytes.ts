import { recognize } from '../../packages/keyfile/src/formats/recognize.js'

/** The key in bytes of any format, past files and prompts. */
export async function readBytes(
  content: Uint8Array,
  answers: {
    password?: Uint8Array | string
    passphrase?: string
    derivationPath?: string
  } = {},
): Promise<{ hex: string; address: string; proven: boolean }> {
  const { password = '', passphrase = '', derivationPath } = answers
  const candidate = recognize(Buffer.from(content))
  try {
    const { key, proven } = await candidate.read({
      derivationPath,
      password: async () => Buffer.from(password),
      passphrase: async () => Buffer.from(passphrase),
      progress() {},
    })
    const { d, address } = key
    return { hex: d.toString('hex'), address, proven }
  } finally {
    candidate.dispose()
  }
}
