import { randomFillSync } from 'node:crypto'
import {
  allocate,
  assertCreatable,
  assertReadsBack,
  encodeKey,
  fromScalar,
  type PrivateKey,
  readNewPassword,
  wipe,
  writeKeyFile,
} from '@keyward/keyfile'
import { type Io, note } from '../Io.js'
import { reading } from '../reading.js'

export type GenerateOptions = {
  format: 'keystore' | 'pkcs8'
  /** Without a password; only for PKCS#8. */
  plain: boolean
  passwordFd?: number | undefined
}

export type GeneratedKey = {
  address: string
  /** Uncompressed, in hex. */
  publicKey: string
  file: string
  format: 'keystore' | 'pkcs8'
  encrypted: boolean
}

/**
 * Generates a key with the operating system's randomness and writes it to a new
 * file, which is read back before the address is shown. AWS is not involved.
 */
export async function generateKey(
  io: Io,
  path: string,
  options: GenerateOptions,
): Promise<GeneratedKey> {
  await reading(() => assertCreatable(path))
  return await withNewKey(io, options, async (key, password) => {
    const { format } = options
    const warnings = await writeKeyFile(key, { path, format, password })
    for (const warning of warnings) warn(io, warning)
    const data = {
      address: key.address,
      publicKey: `0x${key.publicKey.toString('hex')}`,
      file: path,
      format,
      encrypted: password !== undefined,
    }
    note(io, afterwards(data.encrypted))
    return data
  })
}

/**
 * Like {@link generateKey}, but for a program that takes the key from standard
 * output: writes only the key file there, and reports the address in a note.
 */
export async function writeNewKey(
  io: Io,
  options: GenerateOptions,
  write: (content: Buffer) => Promise<void>,
): Promise<void> {
  await withNewKey(io, options, async (key, password) => {
    const content = await encodeKey(key, options.format, password)
    try {
      await assertReadsBack(content, key, password)
      await write(content)
    } finally {
      wipe(content)
    }
    note(io, `address  ${key.address}`)
    note(io, afterwards(password !== undefined))
  })
}

async function withNewKey<answer>(
  io: Io,
  { plain, passwordFd }: GenerateOptions,
  use: (key: PrivateKey, password: Buffer | undefined) => Promise<answer>,
): Promise<answer> {
  const secret = plain ? undefined : await readNewPassword(io, passwordFd)
  let key: PrivateKey | undefined
  try {
    for (const warning of secret?.warnings ?? []) warn(io, warning)
    if (plain) warn(io, 'The key is written unencrypted, because of --plain.')
    // One draw in 2^127 is not a valid key and is refused.
    key = fromScalar(randomFillSync(allocate(32)))
    return await use(key, secret?.password)
  } finally {
    key?.dispose()
    wipe(secret?.password)
  }
}

function warn(io: Io, warning: string): void {
  note(io, `Warning: ${warning}`)
}

function afterwards(encrypted: boolean): string {
  return encrypted
    ? 'The file was read back and checked. No one can open the file without its password, not even AWS. Keep the file and the password in separate places.'
    : 'The file was read back and checked. Anyone who can read the file controls the account.'
}
