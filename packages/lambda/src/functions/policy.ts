import { createGuard, parsePolicy } from '@keyward/guard'
import { createWindows } from '@keyward/guard/windows/dynamodb'
import type { PolicyModule } from '../policy/PolicyModule.js'

/**
 * Policies and their windows, in a file of their own beside a function's:
 * functions without one neither have nor load it. It decides; who asked refuses.
 * On the table of the windows: GetItem, PutItem, UpdateItem and, for reconcilers,
 * Query.
 */
export const open: PolicyModule['open'] = (
  text,
  { tableName, version, getAccount },
) =>
  createGuard({
    policy: parsePolicy(text),
    getAccount,
    version,
    windows: tableName === undefined ? undefined : createWindows({ tableName }),
  })
