import { InputError, quote } from '@keyward/core/errors'
import { senderKinds, signerKinds } from '@keyward/iam/functions'

/** The functions a stack may have, by name suffix. */
const kinds = [...signerKinds, ...senderKinds]

/** The default stack of a target. */
export function standard(kind: 'local' | 'aws'): string {
  return kind === 'local' ? 'keyward-dev' : 'keyward'
}

/** Its functions' names, for callers who can't read the stack. */
export function toFunctionNames(stack: string): string[] {
  return kinds.map((kind) => `${stack}-${kind}`)
}

/** Its alias, unless another one was set. */
export function toAlias(stack: string): string {
  return `alias/${stack}`
}

/** @throws InputError if CloudFormation doesn't accept the name */
export function assert(name: string): void {
  // At 49 characters, the longest function name still fits Lambda's 64.
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,48}$/.test(name)) return
  throw new InputError(`--stack ${quote(name)} is not a stack name.`, {
    details:
      'Allowed: a letter, then letters, digits and hyphens, up to 49 of them.',
  })
}
