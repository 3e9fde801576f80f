import {
  createSendingGuard,
  parsePolicy,
  type SendingGuard,
} from '@keyward/guard'
import { createSendingWindows } from '@keyward/guard/windows/dynamodb'
import type { PolicyModule } from '../policy/PolicyModule.js'

/**
 * Like `policy`, but for the sender and co-signers. It is smaller, because it
 * lacks the parts that only a reconciler needs. Needs GetItem, PutItem and
 * UpdateItem on the windows' table.
 */
export const open: PolicyModule<SendingGuard>['open'] = (
  text,
  { tableName, getAccount },
) =>
  createSendingGuard({
    policy: parsePolicy(text),
    getAccount,
    windows:
      tableName === undefined ? undefined : createSendingWindows({ tableName }),
  })
