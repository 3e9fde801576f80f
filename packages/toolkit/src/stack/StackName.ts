import { InputError, quote } from '@keyward/core/errors'
import { senderKinds, signerKinds } from '@keyward/iam/functions'

/** The functions that a stack can have, by the suffix of their names. */
const kinds = [...signerKinds, ...senderKinds]

/** The default stack for a target. */
export function standard(kind: 'local' | 'aws'): string {
  return kind === 'local' ? 'keyward-dev' : 'keyward'
}

/** The names of a stack's functions, for callers who can't read the stack. */
export function toFunctionNames(stack: string): string[] {
  return kinds.map((kind) => `${stack}-${kind}`)
}

/** The alias of a stack's key, unless another one was set. */
export function toAlias(stack: string): string {
  return `alias/${stack}`
}

/** @throws InputError if CloudFormation doesn't accept the name */
export function assert(name: string): void {
  // With 49 characters, the longest function name still fits in Lambda's limit
  // of 64.
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,48}$/.test(name)) return
  throw new InputError(`--stack ${quote(name)} is not a valid stack name.`, {
    details:
      'Allowed: a letter, followed by letters, digits and hyphens, up to 49 characters in total.',
  })
}
