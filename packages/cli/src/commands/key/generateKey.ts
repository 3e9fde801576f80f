import { randomFillSync } from 'node:crypto'
import { InputError } from '@keyward/core/errors'
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
import { note, toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { reading } from '../../program/reading.js'
import type { Terminal } from '../../terminal/Terminal.js'

export type GenerateOptions = {
  format: 'keystore' | 'pkcs8'
  /** Without a password, for PKCS#8 only. */
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
 * Makes a key of the operating system's randomness and writes it to a new
 * file, which is read back before the address is told. No AWS is involved.
 */
export async function generateKey(
  terminal: Terminal,
  path: string,
  options: GenerateOptions,
): Promise<Result<GeneratedKey>> {
  await reading(() => assertCreatable(path))
  return await withNewKey(terminal, options, async (key, password) => {
    const { format } = options
    const warnings = await writeKeyFile(key, { path, format, password })
    for (const warning of warnings) warn(terminal, warning)
    const data = {
      address: key.address,
      publicKey: `0x${key.publicKey.toString('hex')}`,
      file: path,
      format,
      encrypted: password !== undefined,
    }
    note(terminal, afterwards(data.encrypted))
    return { data, text: generatedText(data) }
  })
}

/**
 * The same to standard output, for a program that takes it on. Only the key
 * file goes there; the address is told on stderr.
 *
 * @throws InputError when it is a terminal, whose scrollback keeps it.
 */
export async function generateKeyToStdout(
  terminal: Terminal,
  { evenToTerminal, ...options }: GenerateOptions & { evenToTerminal: boolean },
): Promise<void> {
  if (terminal.stdout.isTTY === true && !evenToTerminal)
    throw new InputError('Standard output is a terminal.', {
      details:
        'A terminal keeps it in its scrollback. Give --out FILE, pipe it into a program, or add --even-to-terminal.',
    })
  await withNewKey(terminal, options, async (key, password) => {
    const content = await encodeKey(key, options.format, password)
    try {
      await assertReadsBack(content, key, password)
      await writeOut(terminal, content)
    } finally {
      wipe(content)
    }
    note(terminal, `address  ${key.address}`)
    note(terminal, afterwards(password !== undefined))
  })
}

async function withNewKey<answer>(
  terminal: Terminal,
  { plain, passwordFd }: GenerateOptions,
  use: (key: PrivateKey, password: Buffer | undefined) => Promise<answer>,
): Promise<answer> {
  const secret = plain ? undefined : await readNewPassword(terminal, passwordFd)
  let key: PrivateKey | undefined
  try {
    for (const warning of secret?.warnings ?? []) warn(terminal, warning)
    if (plain)
      warn(terminal, 'The key is written in the clear, as --plain says.')
    // One draw in 2^127 is no key, and is refused.
    key = fromScalar(randomFillSync(allocate(32)))
    return await use(key, secret?.password)
  } finally {
    key?.dispose()
    wipe(secret?.password)
  }
}

function writeOut(terminal: Terminal, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    terminal.stdout.write(content, (error) =>
      error ? reject(error) : resolve(),
    )
  })
}

function warn(terminal: Terminal, warning: string): void {
  note(terminal, `Warning: ${warning}`)
}

function afterwards(encrypted: boolean): string {
  return encrypted
    ? 'Read back and checked. Without its password nobody opens it, neither AWS nor we: keep both, apart from each other.'
    : 'Read back and checked. Whoever reads it has the account.'
}

function generatedText(data: GeneratedKey): string {
  return toColumns([
    ['address', data.address],
    ['file', data.file],
    [
      'format',
      data.format === 'keystore'
        ? 'V3 keystore (scrypt), as geth and MetaMask read it'
        : data.encrypted
          ? 'PKCS#8 in PEM, encrypted (PBKDF2, AES-256), as OpenSSL reads it'
          : 'PKCS#8 in PEM, in the clear',
    ],
  ])
}
