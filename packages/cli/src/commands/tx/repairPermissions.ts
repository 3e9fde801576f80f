/** What the commands of administrators need. */
export const repairPermissions = `
By a stack: lambda:InvokeFunction on <stack>-reconciler:admin, which the stack
gives to its administrators. With --ledger: kms:GetPublicKey on the key, GetItem,
BatchGetItem, PutItem, UpdateItem and Query on the table, whose policy must let
you write; GetResourcePolicy if you may.`
