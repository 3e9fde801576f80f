import {
  createSigningGuard,
  parsePolicy,
  type SigningGuard,
} from '@keyward/guard'
import { createSigningWindows } from '@keyward/guard/windows/dynamodb'
import type { PolicyModule } from '../policy/PolicyModule.js'

/**
 * As `policy`, beside functions that only sign: without what sender,
 * reconcilers and co-signers ask for, it is smaller. On the table of the windows:
 * GetItem, PutItem and UpdateItem.
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
