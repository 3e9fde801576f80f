/** The reason why a local home could not be opened, used or read. */
export type HomeErrorCode =
  | 'folder-not-ours'
  | 'folder-not-private'
  | 'folder-locked'
  | 'file-damaged'
  | 'port-taken'
  | 'chain-failed'
  | 'chain-missing'
  | 'unknown-principal'
  | 'invalid-faults'

/** An error of the local home itself, not a service's answer. */
export class HomeError extends Error {
  override readonly name = 'HomeError'
  readonly code: HomeErrorCode

  constructor(code: HomeErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
