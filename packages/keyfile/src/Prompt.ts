import type { Readable } from 'node:stream'

/** The ways in which reading a key interacts with the user. */
export type Prompt = {
  /** Standard input, or a replacement for it. */
  input: Readable & { isTTY?: boolean | undefined }
  /**
   * Reads a line without showing it. The caller zeroes it.
   *
   * @param question - Ends in `: `.
   * @throws PasswordError if there is no terminal, StoppedError on Ctrl-C.
   */
  ask(question: string): Promise<Buffer>
  /** Shows progress. */
  notify(event: { kind: 'note'; text: string }): void
}
