import { InputError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { invoke } from '../aws/invoke.js'
import { type Io, note } from '../Io.js'

/** A guard that counts. */
export type Unfrozen = {
  guardTable: string
  /** False where nothing was halted. */
  lifted: boolean
}

/**
 * Lets the windows of a stack's policy be counted again, after a halt. Calls
 * lambda:InvokeFunction on the reconciler's aliases `status` and `admin`.
 *
 * @throws InputError for a stack that counts nothing
 */
export async function unfreezeGuard(
  io: Io,
  connection: AwsConnection,
  stack: string,
  { yes }: { yes: boolean },
): Promise<Unfrozen> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(LambdaClient)
  const status = await invoke(lambda, `${stack}-reconciler:status`, {
    operation: 'status',
  })
  const { guard_table: guardTable, guard_problem: found } = status
  if (typeof guardTable !== 'string')
    throw new InputError(`${stack} has no guard to unfreeze.`, {
      details: 'No policy of it has windows (keyward status shows its policy).',
    })
  if (typeof found !== 'string') return { guardTable, lifted: false }
  note(io, `${guardTable}: ${found}`)
  await io.confirm({
    target: connection.target,
    action: `lets ${stack} sign again what its windows allow, by what ${guardTable} has counted`,
    yes,
  })
  await invoke(lambda, `${stack}-reconciler:admin`, {
    ...{ operation: 'unfreeze_guard', by: await connection.callerArn() },
  })
  return { guardTable, lifted: true }
}
