import { setTimeout as sleep } from 'node:timers/promises'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import { peek, seen } from '../aws/peek.js'

const patienceMs = 20_000

/**
 * Waits until Lambda shows the limit that was just set, which may take a few
 * seconds. Doesn't wait if the caller isn't allowed to read it, and never waits
 * longer than 20 s.
 *
 * @param wanted - Undefined for no limit.
 */
export async function untilConcurrency(
  lambda: LambdaClient,
  FunctionName: string,
  wanted: number | undefined,
): Promise<void> {
  const { GetFunctionConcurrencyCommand } = await import(
    '@aws-sdk/client-lambda'
  )
  const end = Date.now() + patienceMs
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 2000)) {
    const found = seen(
      await peek(() =>
        lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
      ),
    )
    if (!found || found.ReservedConcurrentExecutions === wanted) return
    if (Date.now() + waitMs > end) return
    await sleep(waitMs)
  }
}
