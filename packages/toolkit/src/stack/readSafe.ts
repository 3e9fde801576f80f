import type { LambdaClient } from '@aws-sdk/client-lambda'
import { AwsCallError } from '../aws/AwsCallError.js'
import { invoke } from '../aws/invoke.js'
import type { Parts } from './findParts.js'

/** What a multisig's functions report about their Safe. */
export type SafeAnswer =
  /** The coordinator's answer. */
  | {
      safe: string
      threshold: number
      owners: readonly string[]
      nonce: string
      balanceWei: string
      /** Describes what no longer matches the pins. */
      changes: readonly string[]
      /** Describes who could sign without a confirmation. */
      trust: string
    }
  /**
   * A stack with only an owner knows just the address; undefined if there is no
   * Safe yet.
   */
  | { safe: string | undefined }
  /** Why nothing is known about the Safe. */
  | { problem: string }

/**
 * Asks the coordinator through its `status` alias or, in a stack with only an
 * owner, the co-signer.
 */
export async function readSafe(
  lambda: LambdaClient,
  stack: string,
  { functions }: Pick<Parts, 'functions'>,
): Promise<SafeAnswer> {
  const event = { operation: 'status' }
  const named = (kind: string) =>
    functions.find(({ name }) => name === `${stack}-${kind}`)?.name
  const coordinator = named('coordinator')
  try {
    if (coordinator !== undefined) {
      const answer = await invoke(lambda, `${coordinator}:status`, event)
      return {
        safe: String(answer.safe),
        threshold: Number(answer.threshold),
        owners: answer.owners as string[],
        nonce: String(answer.nonce),
        balanceWei: String(answer.balance_wei),
        changes: answer.changes as string[],
        trust: String(answer.trust),
      }
    }
    const { safe } = await invoke(
      lambda,
      `${named('cosigner-1') ?? `${stack}-cosigner-1`}:status`,
      event,
    )
    return { safe: typeof safe === 'string' ? safe : undefined }
  } catch (error) {
    const described = AwsCallError.from(error)
    const { code, shortMessage } = described as {
      code?: string
      shortMessage?: string
    }
    if (code === 'safe-not-pinned') return { safe: undefined }
    return { problem: shortMessage ?? (described as Error).message }
  }
}
