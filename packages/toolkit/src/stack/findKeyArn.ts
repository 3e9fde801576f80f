import type { KMSClient } from '@aws-sdk/client-kms'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import { seen } from '../aws/peek.js'
import { readFunction } from './readFunction.js'
import { readKeyState } from './readKeyState.js'

/**
 * A key's id or ARN, which is needed to disable or enable the key: KMS doesn't
 * accept an alias for this. If the caller isn't allowed to describe the key,
 * the environment of a function provides the id.
 *
 * @returns Undefined if neither is visible.
 */
export async function findKeyArn(
  kms: KMSClient,
  lambda: LambdaClient,
  key: string,
  functions: readonly string[],
): Promise<string | undefined> {
  if (!key.startsWith('alias/')) return key
  const state = seen(await readKeyState(kms, key))
  if (state !== undefined) return state.arn
  for (const name of functions) {
    const found = await readFunction(lambda, name)
    if (found?.keyId !== undefined) return found.keyId
  }
  return undefined
}
