import { BaseError } from '@keyward/core'
import type { Policy } from '../policy/Policy.js'

/**
 * In `shadow` mode, nothing is refused, so windows are reported as if nothing
 * had been spent.
 *
 * @throws WindowsNotCountedError if the policy needs a table to count in
 */
export function assertCounted(policy: Policy): void {
  if (policy.mode === 'shadow') return
  const ids = windowsIn(policy)
  if (ids.length > 0) throw new WindowsNotCountedError(ids)
}

/** Ids of the windows that rules use; only these count anything. */
export function windowsIn({ rules }: Policy): string[] {
  const ids = rules.flatMap(({ windows }) => windows).map(({ id }) => id)
  return [...new Set(ids)]
}

/**
 * The policy's limits can't be enforced without counting, so nothing was
 * signed.
 */
export class WindowsNotCountedError extends BaseError {
  constructor(windows: readonly string[]) {
    super(
      'windows-not-counted',
      `The policy has spending windows (${windows.join(', ')}), but no table is set up that counts what is spent.`,
      {
        details:
          "Nothing was signed. In your own program, pass windows (createWindows of @keyward/guard/windows/dynamodb) to createAuthorize. In a Lambda function, set GUARD_TABLE, as keyward deploy --policy does. A policy in shadow mode doesn't need windows, because it refuses nothing.",
      },
    )
    this.name = 'WindowsNotCountedError'
  }
}
