import { InputError, quote } from '@keyward/core/errors'
import { type ByteOrderMark, byteOrderMark } from './byteOrderMark.js'
import type { Candidate } from './formats/Candidate.js'
import type { Format } from './formats/Format.js'
import { recognize } from './formats/recognize.js'
import { WrongPasswordError } from './KeyFileError.js'
import type { PrivateKey } from './PrivateKey.js'
import type { Prompt } from './Prompt.js'
import * as PasswordMark from './secret/PasswordMark.js'
import { readFromDescriptor } from './secret/readFromDescriptor.js'
import type { KeyFile } from './source/KeyFile.js'
import { readKeySource } from './source/readKeySource.js'
import { wipe } from './wipe.js'

export type PrivateKeySource = {
  /** A path, or - for standard input. */
  in: string
  /** When given, another format is refused. */
  format?: Format | undefined
  /** Without it the password is asked for, when one is needed. */
  passwordFd?: number | undefined
  /** Of BIP-32, for a recovery phrase; default m/44'/60'/0'/0/0. */
  derivationPath?: string | undefined
  /** Ask for BIP-39's passphrase, which most phrases don't have. */
  passphrase?: boolean | undefined
}

export type ReadPrivateKey = PrivateKey & {
  format: Format
  /** Whether a password protected it. */
  encrypted: boolean
  /** For people: what about the file is not as it should be. */
  warnings: string[]
  /** What was read, for shred(); undefined for standard input and pipes. */
  file: KeyFile | undefined
}

/** A key file whose form was read, and nothing of whose key was yet. */
export type OpenedKeyFile = {
  format: Format
  file: KeyFile | undefined
  /** Asks for what it needs. @throws as {@link readPrivateKey} does */
  unlock(): Promise<ReadPrivateKey>
  /** Zeroes what was read. */
  dispose(): void
}

/**
 * Reads a key from a file or standard input in any of the formats. Nothing of
 * it is written, and all buffers but the key's are zeroed; the key's are by
 * its dispose().
 *
 * @throws InputError, KeyFileError, WrongPasswordError, PasswordError,
 *   StoppedError
 */
export async function readPrivateKey(
  prompt: Prompt,
  source: PrivateKeySource,
): Promise<ReadPrivateKey> {
  const opened = await openKeyFile(prompt, source)
  try {
    return await opened.unlock()
  } finally {
    opened.dispose()
  }
}

/**
 * Reads a key file as far as that goes without a password, so that what can't
 * be one is refused before anything is asked.
 *
 * @throws InputError, KeyFileError
 */
export async function openKeyFile(
  prompt: Prompt,
  source: PrivateKeySource,
): Promise<OpenedKeyFile> {
  if (source.in === '-' && source.passwordFd === 0)
    throw new InputError(
      'Key and password are both to come from standard input.',
      { details: 'Give the password by another descriptor: --password-fd 3.' },
    )
  const { bytes, warnings, file } = await readKeySource(prompt, source.in)
  let candidate: Candidate | undefined
  const dispose = () => {
    candidate?.dispose()
    wipe(bytes)
  }
  try {
    candidate = recognize(bytes)
    assertFormat(candidate.format, source)
  } catch (error) {
    dispose()
    throw error
  }
  const found = candidate
  return {
    format: found.format,
    file,
    dispose,
    async unlock() {
      const read = await unlock(prompt, source, found)
      return { ...read, warnings: [...warnings, ...read.warnings], file }
    },
  }
}

async function unlock(
  prompt: Prompt,
  source: PrivateKeySource,
  candidate: Candidate,
): Promise<Omit<ReadPrivateKey, 'file'>> {
  let mark: ByteOrderMark | undefined
  const ask = async (question: string) => {
    const secret = await getSecret(prompt, source, question)
    mark = byteOrderMark(secret)
    return secret
  }
  try {
    const { key, proven, ...read } = await candidate.read({
      derivationPath: source.derivationPath,
      password: ask,
      passphrase: async () =>
        source.passphrase === true || source.passwordFd !== undefined
          ? await ask('Passphrase of the phrase')
          : Buffer.alloc(0),
      progress: (text) => prompt.notify({ kind: 'note', text }),
    })
    return {
      ...key,
      format: candidate.format,
      encrypted: candidate.encrypted,
      warnings: [
        ...read.warnings,
        ...(mark === undefined ? [] : [PasswordMark.warn(mark)]),
        ...(proven ? [] : [unproven]),
      ],
    }
  } catch (error) {
    throw mark !== undefined && error instanceof WrongPasswordError
      ? PasswordMark.explain(error, mark)
      : error
  }
}

const unproven =
  'The key came without its public key or address, so nothing shows that it is unharmed: compare the address.'

function assertFormat(found: Format, source: PrivateKeySource): void {
  const { format, derivationPath, passphrase } = source
  if (format !== undefined && format !== found)
    throw new InputError(`The key is in the format ${found}, not ${format}.`)
  if (found !== 'mnemonic' && (derivationPath !== undefined || passphrase))
    throw new InputError(
      `A derivation path or passphrase goes with a recovery phrase, and the key is in the format ${found}.`,
    )
  if (source.in !== '-' && (found === 'hex' || found === 'mnemonic'))
    throw new InputError(
      `${quote(source.in)} seems to hold a ${found === 'hex' ? 'private key in hex' : 'recovery phrase'}, which is read from standard input only.`,
      {
        details:
          'It lies unprotected on this disk. Give it by --in -, and remove the file when the key is safe.',
      },
    )
}

async function getSecret(
  prompt: Prompt,
  { passwordFd }: PrivateKeySource,
  question: string,
): Promise<Buffer> {
  return passwordFd === undefined
    ? await prompt.ask(`${question} (not shown): `)
    : await readFromDescriptor(passwordFd)
}
