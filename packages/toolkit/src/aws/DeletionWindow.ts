import type { KMSClient } from '@aws-sdk/client-kms'
import { InputError } from '@keyward/core/errors'
import { isDenied, peek, seen } from './peek.js'
import { readKeyPolicy } from './readKeyPolicy.js'

/** The longest waiting period before KMS deletes a key, in days. */
export const longestDays = 30

/**
 * Refuses a waiting period that is shorter than a key's policy allows. If the
 * minimum isn't known, AWS decides.
 *
 * @param flag - The flag that the user gave.
 * @param minimum - The minimum in days.
 * @throws InputError
 */
export function assertAllowed(
  arn: string,
  { flag, days }: { flag: string; days: number },
  minimum: number | undefined,
): void {
  if (minimum === undefined || days >= minimum) return
  throw new InputError(
    `${flag} ${days} is less than the minimum of ${minimum} days in the key's policy.`,
    {
      details: `The key is ${arn}. Nothing was done. Leave out ${flag}: KMS then waits ${longestDays} days.`,
    },
  )
}

/**
 * The minimum that the key's policy sets, in days. Undefined if it sets none,
 * or this caller isn't allowed to read it.
 */
export async function readMinimum(
  kms: KMSClient,
  arn: string,
): Promise<number | undefined> {
  const policy = seen(await peek(() => readKeyPolicy(kms, arn)))
  const days = statementsOf(policy).flatMap(minimumIn)
  return days.length === 0 ? undefined : Math.max(...days)
}

function statementsOf(policy: string | undefined): readonly Statement[] {
  try {
    const { Statement } = JSON.parse(policy ?? '{}')
    return [Statement].flat().filter((each) => typeof each === 'object')
  } catch {
    return []
  }
}

/** Reads only a statement that denies a short period to everyone. */
function minimumIn({ Effect, Action, Principal, Condition = {} }: Statement) {
  const [[operator, keys] = ['', {}], ...others] = Object.entries(Condition)
  const [[name, value] = [''], ...more] = Object.entries(keys)
  const forAll = typeof Principal === 'object' ? Principal?.AWS : Principal
  const isMinimum =
    Effect === 'Deny' &&
    [Action].flat().includes('kms:ScheduleKeyDeletion') &&
    [forAll].flat().includes('*') &&
    operator === 'NumericLessThan' &&
    name === 'kms:ScheduleKeyDeletionPendingWindowInDays' &&
    others.length + more.length === 0
  return isMinimum && /^\d+$/.test(String(value)) ? [Number(value)] : []
}

type Statement = {
  Effect?: string
  Action?: string | string[]
  Principal?: string | { AWS?: string | string[] }
  Condition?: Record<string, Record<string, unknown>>
}

/**
 * Whether a policy's minimum may be why AWS denied a deletion: AWS doesn't name
 * the statement.
 */
export function mayBeTooShort(error: unknown, days: number): boolean {
  const { message = '' } = error as { message?: string }
  return days < longestDays && isDenied(error) && /explicit deny/.test(message)
}

/** Explains such a denial. */
export const tooShort = `not allowed: the key's policy denies it. It may have a minimum waiting period, usually ${longestDays} days`
