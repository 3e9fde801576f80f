import type { LambdaClient } from '@aws-sdk/client-lambda'
import { InputError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { invoke } from '../aws/invoke.js'
import { isMissing } from '../aws/peek.js'
import { type Io, note } from '../Io.js'

/** The guard, which counts again. */
export type Unfrozen = {
  guardTable: string
  /** False if nothing was halted. */
  lifted: boolean
}

/**
 * Resumes counting the windows of a stack's policy after a halt. Calls
 * lambda:InvokeFunction on the reconciler's aliases `status` and `admin`.
 *
 * @throws InputError if the stack has no windows to count
 */
export async function unfreezeGuard(
  io: Io,
  connection: AwsConnection,
  stack: string,
  { yes }: { yes: boolean },
): Promise<Unfrozen> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(LambdaClient)
  const { reconciler, status } = await findReconciler(lambda, stack)
  const { guard_table: guardTable, guard_problem: found } = status
  if (typeof guardTable !== 'string')
    throw new InputError(`The stack ${stack} has no guard to unfreeze.`, {
      details: `Its policy has no spending windows (keyward status --stack ${stack} shows the policy).`,
    })
  if (typeof found !== 'string') return { guardTable, lifted: false }
  note(io, `${guardTable}: ${found}`)
  await io.confirm({
    target: connection.target,
    action: `lets the stack ${stack} sign again within the policy's spending windows, as counted in ${guardTable}`,
    yes,
  })
  await invoke(lambda, `${reconciler}:admin`, {
    ...{ operation: 'unfreeze_guard', by: await connection.callerArn() },
  })
  return { guardTable, lifted: true }
}

/**
 * A multisig's reconciler has its own name. If there is another one, it is the
 * relayer's.
 */
async function findReconciler(lambda: LambdaClient, stack: string) {
  const ask = async (reconciler: string) => ({
    reconciler,
    status: await invoke(lambda, `${reconciler}:status`, {
      operation: 'status',
    }),
  })
  const usual = ask(`${stack}-reconciler`)
  const found = await usual.catch(ifMissing)
  if (typeof found?.status.guard_table === 'string') return found
  const own = await ask(`${stack}-own-reconciler`).catch(ifMissing)
  // If the stack has neither, AWS's message says more.
  return own ?? usual
}

function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}
