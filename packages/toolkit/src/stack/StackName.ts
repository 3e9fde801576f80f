import { InputError, quote } from '@keyward/core/errors'
import { senderKinds, signerKinds } from '@keyward/iam/functions'

/** The functions that a stack may have, by what follows its name. */
const kinds = [...signerKinds, ...senderKinds]

/** The stack of a target when none was named. */
export function standard(kind: 'local' | 'aws'): string {
  return kind === 'local' ? 'keyward-dev' : 'keyward'
}

/** What its functions are called, for who may not look into the stack. */
export function toFunctionNames(stack: string): string[] {
  return kinds.map((kind) => `${stack}-${kind}`)
}

/** What its alias is called, unless another one was set. */
export function toAlias(stack: string): string {
  return `alias/${stack}`
}

/** @throws InputError for what CloudFormation does not take */
export function assert(name: string): void {
  // 49: the longest function's name still fits into Lambda's 64.
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,48}$/.test(name)) return
  throw new InputError(`--stack ${quote(name)} is not a stack name.`, {
    details:
      'Allowed: a letter, then letters, digits and hyphens, up to 49 of them.',
  })
}
