import type { SigningKey, SigningRequest } from '@keyward/core'

/** What the bundle `policy.mjs` exports, as the functions use it. */
export type PolicyModule = {
  /** @throws for a text that is no policy, or that counts what it can't */
  readonly open: (text: string) => Decide
}

/** @param time - In ms since 1970. */
export type Decide = (
  request: SigningRequest,
  context: SigningKey.AuthorizeContext,
  time: number,
) => {
  readonly decision: 'allow' | 'deny'
  readonly mode: 'enforce' | 'shadow'
  readonly rule: string | undefined
  /** Which conditions failed. */
  readonly paths: readonly string[]
  /** In words, when it is denied. */
  readonly denial: string | undefined
}
