import { isDescribed } from '@keyward/core/errors'
import { whoCan, whoCanText } from '@keyward/iam/review'
import { readKeyAccess } from '@keyward/toolkit/access'
import { type AwsConnection, peek, seen } from '@keyward/toolkit/aws'
import { OnChain, readNetwork } from '@keyward/toolkit/node'
import {
  type AccountStatus,
  type KeyState,
  readStatus,
  type StackStatus,
  withStack,
} from '@keyward/toolkit/stack'
import { describeError } from '../../errors/describeError.js'
import type { Result } from '../../output/Result.js'
import {
  type Account,
  type Accounts,
  type Funds,
  multisigText,
  notSeen,
  statusText,
} from '../../output/statusText.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

export type StatusOptions = {
  stack: string | undefined
  urls: readonly string[] | undefined
  /** Also tells who may do what with the key. */
  access: boolean
}

/** Tells all there is to know about a stack, to whoever asks. */
export function showStatus(
  terminal: Terminal,
  options: StatusOptions,
): Promise<Result> {
  return withStack(terminal, options, async (connection, name) => {
    const found = await readStatus(connection, name)
    const [first, ...others] = found.accounts
    const read = async (account: AccountStatus) => ({
      ...account,
      funds: await readFunds(options.urls, account, found),
    })
    const accounts: Accounts = [
      await read(first),
      ...(await Promise.all(others.map(read))),
    ]
    const style = styleFor(terminal.stdout, terminal.env)
    const data = toData(found, accounts)
    const atHome = connection.target.kind === 'local'
    const { columns } = terminal.stdout
    const how = { style, atHome, columns }
    const text =
      found.safe === undefined
        ? statusText(found, accounts[0], how)
        : multisigText(found, accounts, how)
    if (!options.access) return { data, text }
    const seen = await Promise.all(
      accounts.map(async ({ role, key }) => ({
        role,
        access: key && (await readAccess(connection, key)),
      })),
    )
    return {
      data: {
        ...data,
        access:
          found.safe === undefined
            ? (seen[0]?.access?.rows ?? null)
            : seen.map(({ role, access }) => ({
                role,
                rows: access?.rows ?? null,
              })),
      },
      text: [
        text,
        ...seen.map(
          ({ role, access }) =>
            `Who may do what with the key${role === undefined ? '' : ` of ${role}`}:\n${access ? whoCanText(access) : notSeen}`,
        ),
      ].join('\n\n'),
    }
  })
}

/** @returns Undefined when the caller may not read the key's policy. */
async function readAccess(
  { kms }: AwsConnection,
  key: KeyState,
): Promise<ReturnType<typeof whoCan> | undefined> {
  const found = seen(await peek(() => readKeyAccess(kms, key.arn)))
  return found && whoCan(found.policyText, found.key)
}

async function readFunds(
  urls: readonly string[] | undefined,
  { address, pin }: AccountStatus,
  { network: name }: StackStatus,
): Promise<Funds> {
  const account = address.address ?? pin ?? undefined
  if (account === undefined) return { unknown: 'the address is not known' }
  const network = readNetwork(name)
  if (network === undefined) return { unknown: 'the network is not known' }
  if (urls === undefined)
    return { unknown: 'no RPC; give --rpc-url, RPC_URL or ETH_RPC_URL' }
  try {
    return await OnChain.read({ urls, network, address: account })
  } catch (error) {
    if (isDescribed(error)) return { unknown: error.shortMessage }
    return { unknown: describeError(error, {}).split('\n')[0] ?? '' }
  }
}

function toData(
  found: StackStatus,
  accounts: Accounts,
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
    functions: functions.map((each) => ({
      name: each.name,
      state: each.state,
      lastModified: each.lastModified,
      concurrency: each.concurrency,
      pin: each.pin ?? null,
      policy: each.policy ?? null,
    })),
    frozen: found.frozen ?? null,
    unguarded: found.unguarded,
    hidden: found.hidden,
  }
}

function accountData(
  found: StackStatus,
  { key, address, pin, funds }: Account,
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
