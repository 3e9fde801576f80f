import type { LambdaClient } from '@aws-sdk/client-lambda'
import { AwsCallError } from '../aws/AwsCallError.js'
import { invoke } from '../aws/invoke.js'
import type { Parts } from './findParts.js'

/** What a multisig's functions say of their Safe. */
export type SafeAnswer =
  /** As the coordinator has it. */
  | {
      safe: string
      threshold: number
      owners: readonly string[]
      nonce: string
      balanceWei: string
      /** What is no longer as it was pinned, in words. */
      changes: readonly string[]
      /** Who could sign without being asked, in words. */
      trust: string
    }
  /** Of an owner alone nothing but its address is known; undefined: none yet. */
  | { safe: string | undefined }
  /** Why nobody told. */
  | { problem: string }

/**
 * Asks the coordinator, through the alias that answers nothing else, or where
 * an owner stands alone its co-signer.
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
