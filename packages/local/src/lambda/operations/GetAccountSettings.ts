import { reservedByOthers } from '../accountConcurrency.js'
import type { Operation } from '../LambdaContext.js'
import { toJsonResponse } from '../toWire.js'

/** Returns the account's quota of concurrent executions, and its usage. */
export const GetAccountSettings: Operation = (context, { principal }) => {
  const { registry, accountLimit, authorize } = context
  authorize({
    principal,
    action: 'lambda:GetAccountSettings',
    resource: '*',
    context: {},
  })
  return toJsonResponse({
    AccountLimit: {
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: accountLimit,
      TotalCodeSize: 80_530_636_800,
      UnreservedConcurrentExecutions: accountLimit - reservedByOthers(registry),
    },
    AccountUsage: {
      FunctionCount: registry.list().length,
      TotalCodeSize: registry
        .list()
        .reduce((sum, { latest }) => sum + latest.codeSize, 0),
    },
  })
}
