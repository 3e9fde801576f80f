import { whoCanText } from '@keyward/iam/review'
import * as OnChain from '../node/OnChain.js'
import type { Style } from '../Style.js'
import * as Frozen from '../stack/Frozen.js'
import { keyStateOf, type StackStatus } from '../stack/readStatus.js'
import { pluralize } from '../text/pluralize.js'
import { toColumns } from '../text/toColumns.js'
import { functionLines, notSeen } from './functionLines.js'
import type { FundedAccount, FundedAccounts } from './readFunds.js'
import type { ShownStack } from './showStack.js'

/** Display options. */
type How = {
  style: Style
  /** Whether the stack is unpinned by default, so that no warning is needed. */
  atHome: boolean
  /** The width of the terminal. A key's ARN needs 84 columns. */
  columns?: number | undefined
}

/** The whole status and, if requested, the access of each principal. */
export function shownText(
  shown: ShownStack,
  { style, columns }: Pick<How, 'style' | 'columns'>,
): string {
  const { found, accounts, blocked, access = [], atHome } = shown
  const how = { style, atHome, columns }
  return [
    found.safe === undefined
      ? statusText(shown, how)
      : multisigText(found, accounts, how),
    ...blockedText(blocked, how),
    ...access.map(
      ({ role, access }) =>
        `Permissions for the key${role === undefined ? '' : ` of ${role}`}:\n${access ? whoCanText(access) : notSeen}`,
    ),
  ].join('\n\n')
}

function statusText(
  { found, accounts: [account], policy }: ShownStack,
  how: How,
): string {
  const { style, atHome } = how
  const { functions } = found
  const rows: Row[] = [
    ['stack', `${found.stack}  ${found.stackStatus ?? notSeen}`],
    ...accountRows(found, account, how),
    ['policy', policyText(functions, policy)],
    ...countedRows(policy),
    ...unguardedRows(found.unguarded ?? [], style),
    ['network', found.network ?? notSeen],
    ...fundsRows(account),
    ['frozen', frozenText(found, style)],
  ]
  const lines = functionLines(functions, style, atHome)
  return [toColumns(rows), '', ...lines].join('\n')
}

/** Each key separately, below the part that they share. */
function multisigText(
  found: StackStatus,
  accounts: FundedAccounts,
  how: How,
): string {
  const { style, atHome } = how
  const { functions, safe } = found
  return [
    toColumns([
      ['stack', `${found.stack}  ${found.stackStatus ?? notSeen}`],
      ...safeRows(safe, style),
      ['network', found.network ?? notSeen],
      ['frozen', frozenText(found, style)],
    ]),
    ...accounts.map((account) =>
      toColumns([
        [account.role ?? '', ''],
        ...accountRows(found, account, how),
        ...opensRows(found, account, style),
        ...fundsRows(account),
      ]),
    ),
    functionLines(functions, style, atHome).join('\n'),
  ].join('\n\n')
}

function blockedText(
  [problem, ...remedy]: ShownStack['blocked'],
  { style }: How,
): string[] {
  if (problem === undefined) return []
  return [[style.red(`BLOCKED: ${problem}`), ...remedy].join('\n')]
}

type Row = readonly [string, string | undefined]

function safeRows(safe: StackStatus['safe'], { red }: Style): Row[] {
  if (safe === undefined) return []
  if ('problem' in safe) return [['safe', red(`unknown: ${safe.problem}`)]]
  if (safe.safe === undefined)
    return [['safe', red('none yet: deploy with --safe-file')]]
  if (!('owners' in safe)) return [['safe', safe.safe]]
  const { threshold, owners, nonce, changes, trust } = safe
  return [
    ['safe', safe.safe],
    ['approve', `${threshold} of ${owners.length} owners, next nonce ${nonce}`],
    ...changes.map((change): Row => ['changed', red(change)]),
    ['trust', trust],
  ]
}

function accountRows(
  found: StackStatus,
  { key, address, pin }: FundedAccount,
  { style, atHome, columns = Number.POSITIVE_INFINITY }: How,
): Row[] {
  const asked =
    address.address === undefined
      ? pin && !address.mispinned
        ? `${pin}  (from the pin: ${address.reason})`
        : `unknown: ${address.reason}`
      : `${address.address}  (from ` +
        `${address.from === 'function' ? 'a function' : 'KMS'})`
  return [
    [
      'key',
      (key && (key.arn.length + 9 > columns ? key.keyId : key.arn)) ??
        (found.hidden.includes('kms:DescribeKey')
          ? notSeen
          : style.red('does not exist')),
    ],
    ['alias', found.alias],
    ['state', key && keyState(key.state, key.deletionDate, style)],
    ...pendingRows(key, found.alias),
    ['origin', key?.origin],
    ...importedRows(key),
    ['expires', key?.expires?.toISOString()],
    ['address', asked],
    ['pin', pinText(pin, address.address, style, atHome)],
  ]
}

/** What to do about a key that has no material yet, or has none anymore. */
function pendingRows(
  key: FundedAccount['key'],
  alias: string | undefined,
): Row[] {
  if (key?.state !== 'PendingImport') return []
  return [
    ['', 'waits for its private key, so nothing is signed. To import it:'],
    ['', `keyward key import --in FILE --key ${alias ?? key.keyId}`],
  ]
}

function importedRows(key: FundedAccount['key']): Row[] {
  if (key?.origin !== 'EXTERNAL' || key.state === 'PendingImport') return []
  return [
    ['', 'imported: keyward freeze stops this stack, but not the same private'],
    ['', 'key in another KMS key, a wallet or a backup'],
  ]
}

/** The dangers that an owner has opened. */
function opensRows(
  { stack, functions }: StackStatus,
  { role = '' }: FundedAccount,
  { red }: Style,
): Row[] {
  const name = `${stack}-${role.replace('owner', 'cosigner')}`
  const cosigner = functions.find((each) => each.name === name)
  const { opens = [], policy } = cosigner ?? {}
  if (opens.length === 0) return []
  const isWide = opens.includes('safe-message') && policy === null
  return [
    ['opens', opens.join(', ')],
    ...(isWide
      ? [
          [
            '',
            red(
              'no policy for messages: each approver alone can have any message signed',
            ),
          ] as const,
        ]
      : []),
  ]
}

function fundsRows({ funds }: FundedAccount): Row[] {
  return [
    [
      'funds',
      'unknown' in funds ? `not read: ${funds.unknown}` : OnChain.format(funds),
    ],
    ['sent', 'unknown' in funds ? undefined : sentText(funds)],
  ]
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
  if (pin === null && atHome) return "none: the home's own stack has no pin"
  if (pin === null)
    return style.red(
      'UNPINNED: the functions sign with any key that KMS returns',
    )
  return address === undefined || address.toLowerCase() === pin.toLowerCase()
    ? pin
    : style.red(
        `${pin}, but the key in KMS has another address, so nothing is signed`,
      )
}

/** Without a policy, the functions sign anything that their callers request. */
function policyText(
  functions: StackStatus['functions'],
  policy: ShownStack['policy'],
): string {
  const found = new Set(functions.map(({ policy }) => policy))
  const [one, ...others] = found
  if (one === undefined) return notSeen
  if (others.length > 0) return 'differs between the functions'
  if (one === null) return 'none'
  const hash = `SHA-256 ${one.slice(0, 16)}...`
  if (policy === undefined) return hash
  const { name, mode } = policy
  const force = mode === 'enforce' ? 'in force' : 'shadow: refuses nothing'
  return `${name}, ${force}  (${hash})`
}

function countedRows(policy: ShownStack['policy']): Row[] {
  return policy?.guardTable ? [['counted in', policy.guardTable]] : []
}

/** One ARN per line, because two don't fit. */
function unguardedRows(arns: readonly string[], { red }: Style): Row[] {
  if (arns.length === 0) return []
  return [
    [
      'unguarded',
      red('these users sign with the key directly, without the policy:'),
    ],
    ...arns.map((arn): Row => ['', red(arn)]),
  ]
}

function sentText({ nonce, waiting }: OnChain.OnChain): string {
  const waits = waiting === 0n ? '' : `, ${waiting} waiting`
  return `${pluralize(nonce, 'transaction')}${waits}`
}

function frozenText(
  { frozen, functions, accounts }: StackStatus,
  style: Style,
): string {
  if (frozen === undefined) {
    if (
      accounts.every(
        (one) => one.address.address === undefined && one.address.isDisabled,
      )
    )
      return style.red(
        'no key is enabled, so nothing is signed; the rest is hidden from you',
      )
    const isStopped = functions.some(({ concurrency }) => concurrency === 0)
    return isStopped
      ? style.red(
          'the functions are stopped; you have no permission to see the state of the rest',
        )
      : 'unknown: you have no permission to see the state of all parts'
  }
  if (frozen === 'no') return 'no'
  return style.red(Frozen.describe(frozen, accounts.map(keyStateOf)))
}
