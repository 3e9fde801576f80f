import type { ParsedKey } from '../der/sec1.js'
import type { Format } from './Format.js'

/** What reading a key may have to ask for; the answers are zeroed by it. */
export type Asks = {
  password(question: string): Promise<Buffer>
  /** Empty for a recovery phrase without one. */
  passphrase(): Promise<Buffer>
  derivationPath: string | undefined
  progress(text: string): void
}

/** Bytes whose format is known, and nothing else of them yet. */
export type Candidate = {
  format: Format
  encrypted: boolean
  /** @throws KeyFileError, WrongPasswordError, and what asking throws. */
  read(asks: Asks): Promise<ParsedKey & { warnings: string[] }>
  /** Zeroes what was copied out of the bytes. */
  dispose(): void
}
