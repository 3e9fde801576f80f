import { createGuard, parsePolicy } from '@keyward/guard'
import { createWindows } from '@keyward/guard/windows/dynamodb'
import type { PolicyModule } from '../policy/PolicyModule.js'

/**
 * Policies and their windows, in a separate file next to a function's.
 * Functions without a policy neither include nor load it. This code decides,
 * and its caller refuses. Needs GetItem, PutItem, UpdateItem and, for
 * reconcilers, Query on the windows' table.
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
