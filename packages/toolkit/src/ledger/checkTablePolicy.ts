import {
  deletions,
  isReplicationRole,
  itemReads,
  itemWrites,
} from '@keyward/iam/ledger-policy'
import type { Caller, ResourceRequest } from '@keyward/iam/review'
import {
  callerOf,
  collectCallers,
  judge,
  KeyFacts,
  KeyPolicy,
  unique,
} from '@keyward/iam/review'

/** A difference between a table's policy and the one that a ledger needs. */
export type TableFinding = {
  code: 'missing' | 'unread' | 'weaker' | 'stricter'
  /** Describes the difference in one sentence. */
  summary: string
}

const requestsOf = (actions: readonly string[]): ResourceRequest[] =>
  actions.map((action) => ({
    service: 'dynamodb',
    action: action.replace('dynamodb:', ''),
    context: {},
  }))
const writing = requestsOf(itemWrites)
const deleting = requestsOf(deletions)
const reading = requestsOf(itemReads)
// The actions that a ledger uses. No function writes in batches.
const needed = requestsOf(['dynamodb:PutItem', 'dynamodb:UpdateItem'])

/**
 * Compares the effect of a table's policy with that of a ledger's policy:
 * evaluates both for every way to write and delete, for every principal that
 * either of them names, and for one that neither names.
 *
 * @param options.isSecret - Whether only the writers may read the table.
 */
export function checkTablePolicy(
  text: string | undefined,
  table: { arn: string; hasReplicas: boolean },
  writers: readonly string[],
  { isSecret = false }: { isSecret?: boolean } = {},
): TableFinding[] {
  if (text === undefined)
    return [
      {
        code: 'missing',
        summary:
          'The table has no resource policy: anyone whose IAM policy allows writing to it can make the key sign payments.',
      },
    ]
  const policy = KeyPolicy.parse(text)
  const facts = factsOf(table.arn)
  const callers = collectCallers([policy], facts, writers)
  const isMeant = ({ name }: Caller.Caller) =>
    name !== undefined && writers.includes(name)
  const copies = ({ name }: Caller.Caller) =>
    table.hasReplicas && name !== undefined && isReplicationRole(name)
  const isDenied = (caller: Caller.Caller, request: ResourceRequest) =>
    judge(policy.statements, { caller, request, key: facts }).isDenied
  const open = (
    requests: readonly ResourceRequest[],
    spared: readonly Caller.Caller[],
  ) =>
    callers.filter(
      (caller) =>
        !spared.includes(caller) &&
        requests.some((request) => isDenied(caller, request) !== 'yes'),
    )
  const copying = callers.filter(copies)
  const write = open(writing, [...callers.filter(isMeant), ...copying])
  const remove = open(deleting, copying)
  const read = isSecret
    ? open(reading, [...callers.filter(isMeant), ...copying])
    : []
  const stopped = callers.filter(
    (caller) =>
      (isMeant(caller) &&
        needed.some((each) => isDenied(caller, each) !== 'no')) ||
      (copies(caller) &&
        [...needed, ...requestsOf(['dynamodb:DeleteItem'])].some(
          (each) => isDenied(caller, each) !== 'no',
        )),
  )
  return [
    ...policy.unread.map(
      (each): TableFinding => ({
        code: 'unread',
        summary: `Part of the policy can't be read: ${KeyPolicy.label(each)}. ${each.reason}`,
      }),
    ),
    ...(write.length === 0
      ? []
      : [
          {
            code: 'weaker' as const,
            summary: `The policy does not keep ${words(write)} from writing items.`,
          },
        ]),
    ...(remove.length === 0
      ? []
      : [
          {
            code: 'weaker' as const,
            summary: `The policy does not keep ${words(remove)} from deleting items.`,
          },
        ]),
    ...(read.length === 0
      ? []
      : [
          {
            code: 'weaker' as const,
            summary: `The policy does not keep ${words(read)} from reading items.`,
          },
        ]),
    ...(stopped.length === 0
      ? []
      : [
          {
            code: 'stricter' as const,
            summary: `The policy might keep ${words(stopped)} from writing items, but must let them write.`,
          },
        ]),
  ]
}

/**
 * Whether a table's policy stops a caller from writing, whatever IAM allows.
 */
export function isClosedTo(
  text: string,
  tableArn: string,
  callerArn: string,
): boolean {
  const { statements } = KeyPolicy.parse(text)
  const caller = callerOf(callerArn, writersIn(text))
  return (
    caller !== undefined &&
    needed.some(
      (request) =>
        judge(statements, { caller, request, key: factsOf(tableArn) })
          .isDenied === 'yes',
    )
  )
}

/** The principals that a policy exempts when it denies writing. */
export function writersIn(text: string): string[] {
  return unique(
    KeyPolicy.parse(text).statements.flatMap(({ json }) => {
      const { Effect, Action, Condition } = json
      const actions = [Action].flat()
      if (Effect !== 'Deny' || !actions.includes('dynamodb:PutItem')) return []
      return Object.entries((Condition ?? {}) as Record<string, object>)
        .filter(([operator]) => /^(Arn|String)Not(Equals|Like)$/.test(operator))
        .flatMap(([, keys]) =>
          Object.entries(keys).flatMap(([key, values]) =>
            key.toLowerCase() === 'aws:principalarn' ? [values].flat() : [],
          ),
        )
        .filter((arn) => typeof arn === 'string' && !isReplicationRole(arn))
    }),
  )
}

function factsOf(arn: string): KeyFacts.KeyFacts {
  return KeyFacts.fromArn(arn, { origin: '', multiRegion: false })
}

/** The broadest come first, because they include the others. */
function words(callers: readonly Caller.Caller[]): string {
  const crowd = callers.filter(
    ({ name, kind, account }) =>
      name === undefined && kind !== 'service' && account === undefined,
  )
  if (crowd.length > 0) return 'anyone'
  const unnamed = callers.filter(({ name }) => name === undefined)
  const isTold = (caller: Caller.Caller) =>
    unnamed.some(
      ({ kind, account }) => kind === caller.kind && account === caller.account,
    )
  return unique([
    ...unnamed.map(({ kind, account }) =>
      kind === 'service' ? 'AWS services' : `${kind}s of account ${account}`,
    ),
    ...callers
      .filter((caller) => caller.name !== undefined && !isTold(caller))
      .map(({ name }) => name ?? ''),
  ]).join(', ')
}
