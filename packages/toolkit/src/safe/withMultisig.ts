import { invoke } from '../aws/invoke.js'
import type { Target } from '../aws/Target.js'
import type { Io } from '../Io.js'
import { explainFrozen } from '../send/StackFrozenError.js'
import { withStack } from '../stack/withStack.js'

/** The functions of a multisig, and the identity that is used to call them. */
export type MultisigOptions = {
  stack: string
  /** The alias through which the caller is allowed to call. */
  caller: string | undefined
}

type Fields = Readonly<Record<string, unknown>>
/** The names are those on the wire. */
export type Answer = Record<string, unknown>

export type MultisigAccess = {
  target: Target
  /** The function that is called, as text for users. */
  labelOf(owner: number | undefined): string
  coordinate(operation: string, fields?: Fields): Promise<Answer>
  cosign(owner: number, operation: string, fields?: Fields): Promise<Answer>
}

/**
 * Calls a stack's coordinator and co-signers through the caller's alias. Calls
 * lambda:InvokeFunction.
 *
 * @throws InvocationError with the code of the function's refusal,
 * StackFrozenError, AwsCallError
 */
export function withMultisig<result>(
  io: Io,
  { stack, caller }: MultisigOptions,
  work: (access: MultisigAccess) => Promise<result>,
): Promise<result> {
  return withStack(io, { stack }, async (connection) => {
    const { LambdaClient } = await import('@aws-sdk/client-lambda')
    const lambda = connection.open(LambdaClient)
    const labelOf = (owner: number | undefined) =>
      `${stack}-${owner === undefined ? 'coordinator' : `cosigner-${owner}`}${caller === undefined ? '' : `:${caller}`}`
    const ask = async (name: string, operation: string, fields: Fields) => {
      try {
        return await invoke(lambda, name, { ...fields, operation }, stack)
      } catch (error) {
        throw await explainFrozen(error, lambda, { stack, name })
      }
    }
    return work({
      target: connection.target,
      labelOf,
      coordinate: (operation, fields = {}) =>
        ask(labelOf(undefined), operation, fields),
      cosign: (owner, operation, fields = {}) =>
        ask(labelOf(owner), operation, fields),
    })
  })
}
