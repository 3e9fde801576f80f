/** The permissions that the administrators' commands need. */
export const repairPermissions = `
With a stack, calls lambda:InvokeFunction on <stack>-reconciler:admin, which the
stack's administrators may call. With --ledger, calls kms:GetPublicKey on the
key, and GetItem, BatchGetItem, PutItem, UpdateItem, Query and, if allowed,
GetResourcePolicy on the table. The table's policy must let you write.`
