import { InputError } from '@keyward/core/errors'
import {
  ledgerPolicyDocument,
  ledgerPolicySids,
} from '@keyward/iam/ledger-policy'
import { describeStatement, normal } from '@keyward/iam/review'
import { partitionOf } from '../aws/partitionOf.js'
import { writersIn } from './checkTablePolicy.js'
import type { LedgerTable } from './LedgerTable.js'

type Json = Readonly<Record<string, unknown>>

export type ProtectionPlan = {
  document: { Version: string; Statement: Json[] }
  changes: { change: 'add' | 'keep' | 'remove'; statement: Json }[]
  /** The writers after the change. */
  writers: readonly string[]
  /** Writers in the table's current policy that would lose their access. */
  dropped: readonly string[]
  setsPolicy: boolean
  setsDeletionProtection: boolean
  /** Undefined if the caller isn't allowed to see whether it is on. */
  setsRecovery: boolean | undefined
}

/** The limit that DynamoDB sets. */
const maxBytes = 20 * 1024

/**
 * Plans to protect a table like a stack's own: replaces earlier versions of our
 * two statements, and turns on deletion protection and point-in-time recovery.
 * Other statements are kept.
 *
 * @throws InputError for more writers than a policy can name
 */
export function planProtection(
  table: Pick<
    LedgerTable,
    'arn' | 'hasReplicas' | 'deletionProtection' | 'pointInTimeRecovery'
  >,
  policyText: string | undefined,
  writers: readonly string[],
): ProtectionPlan {
  const ours: Json[] = ledgerPolicyDocument({
    writers,
    ...(table.hasReplicas && { replicationRole: replicationRole(table.arn) }),
  }).Statement
  const { Version = '2012-10-17', statements: before } = read(policyText)
  const sids: readonly unknown[] = Object.values(ledgerPolicySids)
  const others = before.filter(({ Sid }) => !sids.includes(Sid))
  const next = [...others, ...ours]
  const document = { Version, Statement: next }
  const { length } = JSON.stringify(document)
  if (length > maxBytes)
    throw new InputError('The policy would be too long.', {
      details: `It would have ${length} bytes, but DynamoDB allows at most ${maxBytes}. Pass fewer writers. Several processes can share one role.`,
    })
  const left = new Map(before.map((each) => [same(each), each]))
  const changes = next.map((statement) => ({
    change: left.delete(same(statement)) ? ('keep' as const) : ('add' as const),
    statement,
  }))
  const removed = [...left.values()].map((statement) => ({
    change: 'remove' as const,
    statement,
  }))
  const { pointInTimeRecovery: recovery } = table
  return {
    document,
    changes: [...removed, ...changes],
    writers,
    dropped:
      policyText === undefined
        ? []
        : writersIn(policyText).filter((arn) => !writers.includes(arn)),
    setsPolicy: [...removed, ...changes].some(
      ({ change }) => change !== 'keep',
    ),
    setsDeletionProtection: !table.deletionProtection,
    setsRecovery: recovery.hidden ? undefined : !recovery.value,
  }
}

export function isChange(plan: ProtectionPlan): boolean {
  return (
    plan.setsPolicy ||
    plan.setsDeletionProtection ||
    plan.setsRecovery !== false
  )
}

/** The plan's writers, one per line. */
export function writersText({ writers }: ProtectionPlan): string {
  return writers.map((arn) => `  ${arn}`).join('\n')
}

/** One line per statement and setting. */
export function format(plan: ProtectionPlan): string {
  const mark = { add: '+', keep: ' ', remove: '-' }
  const switches = [
    ['deletion protection', plan.setsDeletionProtection],
    ['point-in-time recovery', plan.setsRecovery],
  ] as const
  return [
    ...plan.changes.map(({ change, statement }) => {
      const { Sid } = statement
      const name = typeof Sid === 'string' ? `${Sid}: ` : ''
      return `${mark[change]} ${name}${describeStatement(statement)}`
    }),
    ...plan.dropped.map(
      (arn) => `! ${arn} can write now, but will lose this access`,
    ),
    ...switches.map(([name, isSet]) =>
      isSet === false ? `  ${name} is on` : `+ ${name}`,
    ),
  ].join('\n')
}

/** Whether two policies mean the same, regardless of their order and form. */
export function isSame(text: string, document: object): boolean {
  const { statements } = read(text)
  const { statements: others } = read(JSON.stringify(document))
  return normal(statements.map(same).sort()) === normal(others.map(same).sort())
}

/** Normalizes statements that DynamoDB writes differently. */
function same(statement: Json): string {
  const { Principal } = statement
  return normal({
    ...statement,
    ...(Principal !== undefined && {
      Principal: Principal === '*' ? { AWS: '*' } : Principal,
    }),
  })
}

function read(text: string | undefined): {
  Version?: string
  statements: Json[]
} {
  if (text === undefined) return { statements: [] }
  const { Version, Statement = [] } = JSON.parse(text) as {
    Version?: string
    Statement?: Json | Json[]
  }
  return {
    ...(Version !== undefined && { Version }),
    statements: [Statement].flat() as Json[],
  }
}

function replicationRole(tableArn: string): string {
  const [, , , region = '', account = ''] = tableArn.split(':')
  return `arn:${partitionOf(region)}:iam::${account}:role/aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication`
}
