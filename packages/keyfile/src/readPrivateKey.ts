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
  /** If given, any other format is refused. */
  format?: Format | undefined
  /**
   * Descriptor to read the password from. Without it, the user is asked for a
   * password if one is needed.
   */
  passwordFd?: number | undefined
  /** BIP-32 path for a recovery phrase; default m/44'/60'/0'/0/0. */
  derivationPath?: string | undefined
  /**
   * Whether to ask for the BIP-39 passphrase, which most phrases don't have.
   */
  passphrase?: boolean | undefined
}

export type ReadPrivateKey = PrivateKey & {
  format: Format
  /** Whether a password protected the key. */
  encrypted: boolean
  /** Problems with the file, as text for users. */
  warnings: string[]
  /**
   * The file that was read, for shred(); undefined for standard input and
   * pipes.
   */
  file: KeyFile | undefined
}

/** A key file of which only the structure has been read, not the key. */
export type OpenedKeyFile = {
  format: Format
  file: KeyFile | undefined
  /**
   * Reads the key, asking for any secrets that it needs. @throws the same
   * errors as {@link readPrivateKey}
   */
  unlock(): Promise<ReadPrivateKey>
  /** Zeroes everything that was read. */
  dispose(): void
}

/**
 * Reads a key from a file or standard input in any supported format. It writes
 * nothing, and zeroes all buffers except the key's own, which dispose() zeroes.
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
 * Reads a key file as far as possible without a password, so that invalid files
 * are refused before asking for one.
 *
 * @throws InputError, KeyFileError
 */
export async function openKeyFile(
  prompt: Prompt,
  source: PrivateKeySource,
): Promise<OpenedKeyFile> {
  if (source.in === '-' && source.passwordFd === 0)
    throw new InputError(
      "The key and the password can't both come from standard input.",
      {
        details:
          'Pass the password on another file descriptor: --password-fd 3 3< FILE.',
      },
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
          ? await ask('Passphrase of the recovery phrase')
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
  "The input has neither the public key nor the address, so the key couldn't be " +
  'verified. Compare the address with the one that you expect.'

function assertFormat(found: Format, source: PrivateKeySource): void {
  const { format, derivationPath, passphrase } = source
  if (format !== undefined && format !== found)
    throw new InputError(`The format of the key is ${found}, not ${format}.`, {
      details: `Pass --format ${found}, or leave --format out.`,
    })
  if (found !== 'mnemonic' && (derivationPath !== undefined || passphrase))
    throw new InputError(
      `A derivation path or passphrase can be used only with a recovery phrase, but the format of the key is ${found}.`,
      { details: 'Leave out --derivation-path and --passphrase.' },
    )
  if (source.in !== '-' && (found === 'hex' || found === 'mnemonic'))
    throw new InputError(
      `${quote(source.in)} seems to contain a ${found === 'hex' ? 'private key in hex' : 'recovery phrase'}, which must come from standard input.`,
      {
        details:
          'The secret is unprotected on this disk. Pass it with --in -, and ' +
          'remove the file once the key is stored safely elsewhere.',
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
