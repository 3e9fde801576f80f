import * as OnChain from '../node/OnChain.js'
import type { StackStatus } from '../stack/readStatus.js'
import type { Answers } from './readAnswers.js'
import type { FundedAccount, FundedAccounts } from './readFunds.js'

/** Converts a stack's status to the `--json` output. */
export function toJson(
  found: StackStatus,
  accounts: FundedAccounts,
  { policy, blocking }: Answers,
): Record<string, unknown> {
  const { functions, safe } = found
  return {
    stack: found.stack,
    stackStatus: found.stackStatus ?? null,
    ...(safe === undefined
      ? accountData(found, accounts[0])
      : {
          safe,
          accounts: accounts.map((one) => ({
            role: one.role,
            ...accountData(found, one),
          })),
        }),
    network: found.network ?? null,
    policy: policy ?? null,
    functions: functions.map((each) => ({
      name: each.name,
      state: each.state,
      lastModified: each.lastModified,
      concurrency: each.concurrency,
      pin: each.pin ?? null,
      policy: each.policy ?? null,
      ...(safe && { opens: each.opens ?? null }),
    })),
    frozen: found.frozen ?? null,
    unguarded: found.unguarded ?? null,
    hidden: found.hidden,
    blocking: blocking ?? null,
  }
}

function accountData(
  found: StackStatus,
  { key, address, pin, funds }: FundedAccount,
): Record<string, unknown> {
  return {
    key: key
      ? {
          keyId: key.keyId,
          arn: key.arn,
          alias: found.alias ?? null,
          state: key.state,
          origin: key.origin,
          ownedByStack: found.ownKey,
          deletionDate: key.deletionDate?.toISOString() ?? null,
          expires: key.expires?.toISOString() ?? null,
        }
      : null,
    address: address.address ?? null,
    pin: pin ?? null,
    pinned: pin === undefined ? null : pin !== null,
    funds: 'unknown' in funds ? null : OnChain.toJson(funds),
  }
}
