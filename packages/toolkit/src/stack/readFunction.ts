import type { LambdaClient } from '@aws-sdk/client-lambda'
import { isMissing, peek } from '../aws/peek.js'

/** A function as Lambda describes it. */
export type FunctionState = {
  name: string
  /** Lambda's term, e.g. `Active`; null if hidden. */
  state: string | null
  lastModified: string | null
  /** Reserved concurrency: a number, `unreserved`, or null if hidden. */
  concurrency: number | 'unreserved' | null
  /** The account to which it is pinned; null for none, undefined if hidden. */
  pin: string | null | undefined
  /** SHA-256 of its policy; null for none, undefined if hidden. */
  policy: string | null | undefined
  /** Dangers that a co-signer accepts everywhere; undefined if hidden. */
  opens: readonly string[] | undefined
  /** ETH_NETWORK, if visible. */
  network: string | undefined
  /** KMS_KEY_ID, if visible. */
  keyId: string | undefined
  /** Actions that the caller lacks. */
  hidden: readonly string[]
}

/** @returns Undefined if Lambda has no such function. */
export async function readFunction(
  lambda: LambdaClient,
  name: string,
): Promise<FunctionState | undefined> {
  const sdk = await import('@aws-sdk/client-lambda')
  const FunctionName = name
  try {
    const [configuration, concurrency] = await Promise.all([
      peek(() =>
        lambda.send(new sdk.GetFunctionConfigurationCommand({ FunctionName })),
      ),
      peek(() =>
        lambda.send(new sdk.GetFunctionConcurrencyCommand({ FunctionName })),
      ),
    ])
    const hidden = [
      ...(configuration.hidden ? ['lambda:GetFunctionConfiguration'] : []),
      ...(concurrency.hidden ? ['lambda:GetFunctionConcurrency'] : []),
    ]
    const found = configuration.hidden ? undefined : configuration.value
    const variables = found?.Environment?.Variables
    return {
      name,
      state: found?.State ?? null,
      lastModified: found?.LastModified ?? null,
      concurrency: concurrency.hidden
        ? null
        : (concurrency.value.ReservedConcurrentExecutions ?? 'unreserved'),
      pin: found && (variables?.KEYWARD_ADDRESS ?? null),
      policy: found && (variables?.POLICY_SHA256 ?? null),
      opens: found && (variables?.OPEN_DANGERS?.split(',') ?? []),
      network: variables?.ETH_NETWORK,
      keyId: variables?.KMS_KEY_ID,
      hidden,
    }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
