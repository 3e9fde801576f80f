import type { ParsedKey } from '../der/sec1.js'
import type { Format } from './Format.js'

/**
 * The secrets that reading a key may have to ask for. The reader zeroes the
 * answers.
 */
export type Asks = {
  password(question: string): Promise<Buffer>
  /** Empty if the recovery phrase has no passphrase. */
  passphrase(): Promise<Buffer>
  derivationPath: string | undefined
  progress(text: string): void
}

/** Bytes of which only the format is known so far. */
export type Candidate = {
  format: Format
  encrypted: boolean
  /** @throws KeyFileError, WrongPasswordError, and any error from asking */
  read(asks: Asks): Promise<ParsedKey & { warnings: string[] }>
  /** Zeroes everything copied from the bytes. */
  dispose(): void
}
