import { ledgerPolicyDocument } from '@keyward/iam/ledger-policy'
import { describe, expect, test } from 'vitest'
import { checkTablePolicy, isClosedTo, writersIn } from './checkTablePolicy.js'
import { format, isChange, isSame, planProtection } from './planProtection.js'

const account = '123456789012'
const arn = `arn:aws:dynamodb:eu-central-1:${account}:table/payouts`
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
const writer = role('payouts')
const replication = role(
  'aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication',
)
const table = {
  arn,
  hasReplicas: false,
  deletionProtection: true,
  pointInTimeRecovery: { hidden: false, value: true } as const,
}
const text = (value: object) => JSON.stringify(value)
const good = text(ledgerPolicyDocument({ writers: [writer] }))
const session = (name: string) =>
  `arn:aws:sts::${account}:assumed-role/${name}/somebody`

type Policy = { Version?: string; Statement: Record<string, unknown>[] }
/** The good policy, changed. */
function changed(change: (policy: Policy) => void): string {
  const policy = JSON.parse(good) as Policy
  change(policy)
  return text(policy)
}
const allow = {
  ...{ Sid: 'Auditors', Effect: 'Allow', Principal: '*' },
  ...{ Action: 'dynamodb:GetItem', Resource: '*' },
}

describe('a policy is compared by its effect', () => {
  const check = (policy: string | undefined, more = {}) =>
    checkTablePolicy(policy, { ...table, ...more }, [writer]).map(
      ({ code, summary }) => `${code}: ${summary}`,
    )
  const write = 'The policy does not keep anyone from writing items.'
  const remove = 'The policy does not keep anyone from deleting items.'

  test('the policy we set is right, and so is an equivalent one', () => {
    expect(check(good)).toEqual([])
    const other = changed(({ Statement: [writes, deletes] }) => {
      Object.assign(writes as object, {
        Sid: 'X',
        Principal: '*',
        Action: 'dynamodb:*',
        Condition: {
          StringNotLike: { 'AWS:principalarn': writer },
          StringNotEquals: { 'aws:PrincipalArn': [writer] },
        },
      })
      Object.assign(deletes as object, {
        Action: [
          'dynamodb:Delete*',
          'dynamodb:PartiQLDelete',
          'dynamodb:UpdateTimeToLive',
        ],
      })
    })
    expect(check(other)).toEqual([])
    expect(check(changed((policy) => policy.Statement.push(allow)))).toEqual([])
  })

  test.each<[string, string | undefined, string[]]>([
    [
      'none at all',
      undefined,
      [
        'missing: The table has no resource policy: anyone whose IAM policy allows writing to it can make the key sign payments.',
      ],
    ],
    [
      'one that only allows',
      text({ Version: '2012-10-17', Statement: [allow] }),
      [`weaker: ${write}`, `weaker: ${remove}`],
    ],
    [
      'without the second statement',
      changed(({ Statement }) => Statement.pop()),
      [`weaker: ${remove}`],
    ],
    [
      'of another table',
      changed(({ Statement: [writes] }) =>
        Object.assign(writes as object, { Resource: `${arn}-2` }),
      ),
      [`weaker: ${write}`],
    ],
    [
      'without one operation',
      changed(({ Statement: [writes] }) => {
        const { Action } = writes as { Action: string[] }
        Action.splice(0, 1)
      }),
      [`weaker: ${write}`],
    ],
    [
      'with another writer',
      text(ledgerPolicyDocument({ writers: [writer, role('dev')] })),
      [`weaker: The policy does not keep ${role('dev')} from writing items.`],
    ],
    [
      'with all roles of the account',
      text(ledgerPolicyDocument({ writers: [writer, role('*')] })),
      [
        `weaker: The policy does not keep roles of account ${account} from writing items.`,
      ],
    ],
    [
      'under a condition that may not hold',
      changed(({ Statement: [, deletes] }) =>
        Object.assign(deletes as object, {
          Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
        }),
      ),
      [`weaker: ${remove}`],
    ],
    [
      'NotPrincipal, which does not spare sessions',
      changed(({ Statement: [writes] }) => {
        const {
          Principal: _,
          Condition: __,
          ...rest
        } = writes as Policy & Record<string, unknown>
        Object.assign(writes as object, rest, {
          NotPrincipal: { AWS: writer },
        })
        delete (writes as Record<string, unknown>).Principal
        delete (writes as Record<string, unknown>).Condition
      }),
      [
        `stricter: The policy might keep ${writer} from writing items, but must let them write.`,
      ],
    ],
    [
      'that names another role',
      text(ledgerPolicyDocument({ writers: [role('old')] })),
      [
        `weaker: The policy does not keep ${role('old')} from writing items.`,
        `stricter: The policy might keep ${writer} from writing items, but must let them write.`,
      ],
    ],
  ])('%s', (_, policy, found) => {
    expect(check(policy)).toEqual(found)
  })

  test('invalid JSON is reported', () => {
    const [first] = check('{')
    expect(first).toBe(
      "unread: Part of the policy can't be read: the policy. The policy is " +
        'not valid JSON.',
    )
  })

  test('replicas need the copying role, and nothing else does', () => {
    const copied = text(
      ledgerPolicyDocument({
        writers: [writer],
        replicationRole: replication,
      }),
    )
    expect(check(copied, { hasReplicas: true })).toEqual([])
    expect(check(copied)).toEqual([
      `weaker: The policy does not keep ${replication} from writing items.`,
      `weaker: The policy does not keep ${replication} from deleting items.`,
    ])
  })
})

describe('allowed principals', () => {
  test.each([
    [session('payouts'), false],
    [session('dev'), true],
    [`arn:aws:iam::${account}:user/dev`, true],
    [`arn:aws:iam::${account}:root`, true],
  ])('%s: closed is %s', (caller, closed) => {
    expect(isClosedTo(good, arn, caller)).toBe(closed)
    expect(isClosedTo(text({ Statement: [allow] }), arn, caller)).toBe(false)
  })

  test('a role with a path is recognised by its session', () => {
    const deep = role('team/payouts')
    const policy = text(ledgerPolicyDocument({ writers: [deep] }))
    expect(isClosedTo(policy, arn, session('payouts'))).toBe(false)
  })

  test('the writers are those exempt from the denial', () => {
    expect(writersIn(good)).toEqual([writer])
    expect(
      writersIn(
        text(
          ledgerPolicyDocument({
            writers: [writer, role('dev')],
            replicationRole: replication,
          }),
        ),
      ),
    ).toEqual([writer, role('dev')])
    expect(writersIn(text({ Statement: [allow] }))).toEqual([])
  })
})

describe('a plan', () => {
  test('of a correct table changes nothing', () => {
    const plan = planProtection(table, good, [writer])
    expect(isChange(plan)).toBe(false)
    expect(plan.changes.map(({ change }) => change)).toEqual(['keep', 'keep'])
  })

  test('keeps foreign statements, and says who loses access', () => {
    const before = text({
      Version: '2012-10-17',
      Statement: [
        allow,
        ...ledgerPolicyDocument({ writers: [role('old')] }).Statement,
      ],
    })
    const bare = {
      ...table,
      deletionProtection: false,
      pointInTimeRecovery: { hidden: true } as const,
    }
    const plan = planProtection(bare, before, [writer])
    expect(plan.dropped).toEqual([role('old')])
    expect(plan.document.Statement[0]).toEqual(allow)
    expect(format(plan)).toBe(
      [
        `- OnlyTheLedgersWritersWrite: denies dynamodb:BatchWriteItem, dynamodb:PartiQLInsert, dynamodb:PartiQLUpdate, dynamodb:PutItem, dynamodb:UpdateItem to everybody, if ArnNotEquals aws:PrincipalArn = ${role('old')}`,
        '  Auditors: allows dynamodb:GetItem to everybody',
        `+ OnlyTheLedgersWritersWrite: denies dynamodb:BatchWriteItem, dynamodb:PartiQLInsert, dynamodb:PartiQLUpdate, dynamodb:PutItem, dynamodb:UpdateItem to everybody, if ArnNotEquals aws:PrincipalArn = ${writer}`,
        '  NobodyDeletes: denies dynamodb:DeleteItem, dynamodb:PartiQLDelete, dynamodb:UpdateTimeToLive to everybody',
        `! ${role('old')} can write now, but will lose this access`,
        '+ deletion protection',
        '+ point-in-time recovery',
      ].join('\n'),
    )
  })

  test('with replicas lets DynamoDB copy', () => {
    const plan = planProtection({ ...table, hasReplicas: true }, undefined, [
      writer,
    ])
    expect(text(plan.document)).toContain(replication)
    expect(
      checkTablePolicy(text(plan.document), { arn, hasReplicas: true }, [
        writer,
      ]),
    ).toEqual([])
  })

  test('for too many writers is refused', () => {
    const writers = Array.from({ length: 500 }, (_, n) => role(`writer-${n}`))
    expect(() => planProtection(table, undefined, writers)).toThrow(
      'The policy would be too long.',
    )
  })

  test('the same policy is recognised in another order and form', () => {
    const other = changed((policy) => {
      policy.Statement.reverse()
      for (const statement of policy.Statement) statement.Principal = '*'
    })
    expect(isSame(other, JSON.parse(good))).toBe(true)
    expect(
      isSame(
        changed(({ Statement }) => Statement.pop()),
        JSON.parse(good),
      ),
    ).toBe(false)
  })
})
