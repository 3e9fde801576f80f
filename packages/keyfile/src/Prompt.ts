import type { Readable } from 'node:stream'

/** What reading a key needs of whoever has it. */
export type Prompt = {
  /** Standard input, or what stands for it. */
  input: Readable & { isTTY?: boolean | undefined }
  /**
   * A line that is not shown, to be zeroed.
   *
   * @param question - Ends in `: `.
   * @throws PasswordError when nobody is there, StoppedError on Ctrl-C.
   */
  ask(question: string): Promise<Buffer>
  /** Tells what happens while it happens. */
  notify(event: { kind: 'note'; text: string }): void
}
