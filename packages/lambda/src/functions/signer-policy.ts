import {
  createSigningGuard,
  parsePolicy,
  type SigningGuard,
} from '@keyward/guard'
import { createSigningWindows } from '@keyward/guard/windows/dynamodb'
import type { PolicyModule } from '../policy/PolicyModule.js'

/**
 * Like `policy`, but for functions that only sign. It is smaller, because it
 * lacks the parts for the sender, reconcilers and co-signers. Needs GetItem,
 * PutItem and UpdateItem on the windows' table.
 */
export const open: PolicyModule<SigningGuard>['open'] = (
  text,
  { tableName, getAccount },
) =>
  createSigningGuard({
    policy: parsePolicy(text),
    getAccount,
    windows:
      tableName === undefined ? undefined : createSigningWindows({ tableName }),
  })
