import { isDescribed } from '@keyward/core/errors'
import { whoCan, whoCanText } from '@keyward/iam/review'
import type { Style } from '@keyward/toolkit'
import { pluralize, toColumns } from '@keyward/toolkit'
import { readKeyAccess } from '@keyward/toolkit/access'
import { type AwsConnection, peek, seen } from '@keyward/toolkit/aws'
import { OnChain, readNetwork } from '@keyward/toolkit/node'
import type { FunctionState } from '@keyward/toolkit/stack'
import { readStatus, type StackStatus, withStack } from '@keyward/toolkit/stack'
import { describeError } from '../../errors/describeError.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

export type StatusOptions = {
  stack: string | undefined
  urls: readonly string[] | undefined
  /** Also tells who may do what with the key. */
  access: boolean
}

/** What the chain said, or why it wasn't asked. */
type Funds = OnChain.OnChain | { unknown: string }

/** Tells all there is to know about a stack, to whoever asks. */
export function showStatus(
  terminal: Terminal,
  options: StatusOptions,
): Promise<Result> {
  return withStack(terminal, options, async (connection, name) => {
    const found = await readStatus(connection, name)
    const funds = await readFunds(options.urls, found)
    const style = styleFor(terminal.stdout, terminal.env)
    const data = toData(found, funds)
    const atHome = connection.target.kind === 'local'
    const { columns } = terminal.stdout
    const text = toText(found, funds, style, { atHome, columns })
    if (!options.access) return { data, text }
    const access = await readAccess(connection, found)
    return {
      data: { ...data, access: access?.rows ?? null },
      text: `${text}\n\nWho may do what with the key:\n${access ? whoCanText(access) : notSeen}`,
    }
  })
}

/** @returns Undefined when the caller may not read the key's policy. */
async function readAccess(
  { kms }: AwsConnection,
  { key }: StackStatus,
): Promise<ReturnType<typeof whoCan> | undefined> {
  if (key === undefined) return undefined
  const found = seen(await peek(() => readKeyAccess(kms, key.arn)))
  return found && whoCan(found.policyText, found.key)
}

async function readFunds(
  urls: readonly string[] | undefined,
  { address, pin, network: name }: StackStatus,
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

function toData(found: StackStatus, funds: Funds): Record<string, unknown> {
  const { key, address, functions } = found
  return {
    stack: found.stack,
    stackStatus: found.stackStatus ?? null,
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
    pin: found.pin ?? null,
    pinned: found.pin === undefined ? null : found.pin !== null,
    network: found.network ?? null,
    functions: functions.map((each) => ({
      name: each.name,
      state: each.state,
      lastModified: each.lastModified,
      concurrency: each.concurrency,
      pin: each.pin ?? null,
      policy: each.policy ?? null,
    })),
    funds: 'unknown' in funds ? null : OnChain.toJson(funds),
    frozen: found.frozen ?? null,
    unguarded: found.unguarded,
    hidden: found.hidden,
  }
}

const notSeen = 'not allowed to see'

function toText(
  found: StackStatus,
  funds: Funds,
  style: Style,
  {
    atHome,
    columns = Number.POSITIVE_INFINITY,
  }: {
    /** Where a stack is not pinned because it came so: nothing to warn of. */
    atHome: boolean
    /** Of the terminal; the ARN of a key needs 84. */
    columns: number | undefined
  },
): string {
  const { key, address, pin, network, functions } = found
  const asked =
    address.address === undefined
      ? `unknown: ${address.reason}`
      : `${address.address}  (asked of KMS${address.from === 'function' ? ' by a function' : ''})`
  const rows: (readonly [string, string | undefined])[] = [
    ['stack', `${found.stack}  ${found.stackStatus ?? notSeen}`],
    [
      'key',
      (key && (key.arn.length + 9 > columns ? key.keyId : key.arn)) ??
        (found.hidden.includes('kms:DescribeKey')
          ? notSeen
          : style.red('does not exist')),
    ],
    ['alias', found.alias],
    ['state', key && keyState(key.state, key.deletionDate, style)],
    ['origin', key?.origin],
    ['expires', key?.expires?.toISOString()],
    ['address', asked],
    ['pin', pinText(pin, address.address, style, atHome)],
    ['policy', policyText(functions)],
    [
      'unguarded',
      found.unguarded.length === 0
        ? undefined
        : style.red(`no policy when these sign: ${found.unguarded.join(', ')}`),
    ],
    ['network', network ?? notSeen],
    [
      'funds',
      'unknown' in funds ? `not read: ${funds.unknown}` : OnChain.format(funds),
    ],
    ['sent', 'unknown' in funds ? undefined : sentText(funds)],
    ['frozen', frozenText(found.frozen, style)],
  ]
  const lines = functionLines(functions, style, atHome)
  return [toColumns(rows), '', ...lines].join('\n')
}

function keyState(
  state: string,
  deletion: Date | undefined,
  style: Style,
): string {
  if (state === 'Enabled') return state
  const until = deletion && `, destroyed after ${deletion.toISOString()}`
  return style.red(`${state}${until ?? ''}`)
}

function pinText(
  pin: string | null | undefined,
  address: string | undefined,
  style: Style,
  atHome: boolean,
): string {
  if (pin === undefined) return notSeen
  if (pin === null && atHome) return "none, as in every home's own stack"
  if (pin === null)
    return style.red(
      'UNPINNED: the functions sign for whatever key KMS answers with',
    )
  return address === undefined || address.toLowerCase() === pin.toLowerCase()
    ? pin
    : style.red(`${pin}, and KMS has another address: nothing is signed`)
}

/** What is signed without a policy is whatever a caller asks for. */
function policyText(functions: readonly FunctionState[]): string {
  const found = new Set(functions.map(({ policy }) => policy))
  const [one, ...others] = found
  if (one === undefined) return notSeen
  if (others.length > 0) return 'not the same in all functions'
  return one === null ? 'none' : `SHA-256 ${one.slice(0, 16)}...`
}

function sentText({ nonce, waiting }: OnChain.OnChain): string {
  const waits = waiting === 0n ? '' : `, ${waiting} waiting`
  return `${pluralize(nonce, 'transaction')}${waits}`
}

function frozenText(frozen: StackStatus['frozen'], style: Style): string {
  if (frozen === undefined) return 'unknown: you may not see all of it'
  if (frozen === 'no') return 'no'
  return style.red(
    frozen === 'yes'
      ? 'FROZEN: nothing is signed'
      : 'partly: some of it may sign',
  )
}

function functionLines(
  functions: readonly FunctionState[],
  style: Style,
  atHome: boolean,
): string[] {
  const unpinned = atHome ? 'no pin' : 'UNPINNED'
  if (functions.length === 0) return ['There are no functions.']
  const cells = functions.map((each) => [
    each.name,
    each.state ?? notSeen,
    concurrencyText(each.concurrency),
    each.pin === undefined ? '' : each.pin === null ? unpinned : 'pinned',
    each.lastModified ? `changed ${each.lastModified.slice(0, 16)}Z` : '',
  ])
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
      .replace('UNPINNED', style.red('UNPINNED'))
      .replace('stopped', style.red('stopped')),
  )
}

function concurrencyText(concurrency: FunctionState['concurrency']): string {
  if (concurrency === null) return `concurrency ${notSeen}`
  if (concurrency === 'unreserved') return 'no limit'
  return concurrency === 0 ? 'stopped' : `at most ${concurrency} at once`
}
