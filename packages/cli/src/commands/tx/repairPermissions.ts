/** What the commands of administrators need. */
export const repairPermissions = `
With a stack: lambda:InvokeFunction on <stack>-reconciler:admin, which its
administrators may. With --ledger: kms:GetPublicKey on the key, GetItem,
BatchGetItem, PutItem, UpdateItem and Query on the table, whose policy must let
you write; GetResourcePolicy if you may.`
