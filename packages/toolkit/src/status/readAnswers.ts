import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { BlockingWire } from '@keyward/sender'
import { invoke } from '../aws/invoke.js'
import * as Blocking from '../send/Blocking.js'
import type { StackStatus } from '../stack/readStatus.js'

/** A policy, as reported by a function that uses it. */
export type PolicyAnswer = {
  name: string
  mode: 'enforce' | 'shadow'
  /** The table in which its windows are counted; null if it has none. */
  guardTable: string | null
}

/** Answers of functions; undefined if there is none. */
export type Answers = {
  /** Always undefined in a multisig. */
  policy: PolicyAnswer | undefined
  /** The transaction behind which all later ones wait. */
  blocking: BlockingWire | undefined
}

/**
 * Asks the sender and a function that has a policy, through the alias `status`.
 * If they are the same function, it is asked only once. A function that the
 * caller isn't allowed to ask, or that is frozen, has no answer.
 */
export async function readAnswers(
  lambda: LambdaClient,
  { stack, safe, functions }: Pick<StackStatus, 'stack' | 'safe' | 'functions'>,
): Promise<Answers> {
  const guarded =
    safe === undefined
      ? functions.find(({ policy }) => typeof policy === 'string')
      : undefined
  const sender = functions.find(
    ({ name, concurrency }) => name === `${stack}-sender` && concurrency !== 0,
  )
  const ofGuarded = ask(lambda, guarded)
  const ofSender = sender === guarded ? ofGuarded : ask(lambda, sender)
  return {
    policy: toPolicy(await ofGuarded),
    blocking: Blocking.from(await ofSender),
  }
}

/**
 * Asks one function for its policy, through the alias `status`; undefined if
 * the caller isn't allowed to ask it.
 */
export async function readPolicyAnswer(
  lambda: LambdaClient,
  name: string,
): Promise<PolicyAnswer | undefined> {
  return toPolicy(await ask(lambda, { name }))
}

async function ask(
  lambda: LambdaClient,
  one: { name: string } | undefined,
): Promise<Record<string, unknown>> {
  if (one === undefined) return {}
  const event = { operation: 'status' }
  return invoke(lambda, `${one.name}:status`, event).catch(() => ({}))
}

function toPolicy(answer: Record<string, unknown>): PolicyAnswer | undefined {
  const { policy_name: name, policy_mode: mode, guard_table: table } = answer
  return typeof name === 'string' && (mode === 'enforce' || mode === 'shadow')
    ? { name, mode, guardTable: typeof table === 'string' ? table : null }
    : undefined
}
