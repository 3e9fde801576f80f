import {
  CreateBackupCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  GetResourcePolicyCommand,
  ListTablesCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  RestoreTableFromBackupCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ledgerTable } from '../support/ledgerTable.js'
import { refusal } from '../support/refusal.js'
import { startBareHome } from '../support/startBareHome.js'
import { soak } from '../support/tools.js'

// A stack whose table is closed, in a home that enforces it. The tests go on
// from each other.

const stack = 'keyward-dev'
const iam = 'arn:aws:iam::000000000000'
const sender = `${iam}:role/${stack}-sender`
const reconciler = `${iam}:role/${stack}-reconciler`
const user = `${iam}:role/${stack}-user`
const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

let home: Awaited<ReturnType<typeof startBareHome>>
let table = ''
let tableArn = ''

beforeAll(async () => {
  home = await startBareHome([])
  const client = await dynamo('operator')
  const { TableNames } = await client.send(new ListTablesCommand())
  table = TableNames?.find((name) => name.includes('Ledger')) ?? ''
  tableArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`
  await fetch(home.rpcUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'anvil_setBalance' },
      params: [home.address(), '0x8ac7230489e80000'],
    }),
  })
}, 180_000)
afterAll(() => home.close())

const dynamo = (as: string) => home.clientOf(DynamoDBClient, as)
const key = { pk: { S: 'tx#1' }, sk: { S: 'tx' } }
const put = (TableName: string) =>
  new PutItemCommand({ TableName, Item: { ...key, status: { S: 'accepted' } } })

describe('the table of a stack', () => {
  test.each(['operator', 'user', 'admin', sender, reconciler])(
    'is not written by %s, whatever IAM says',
    async (who) => {
      const client = await dynamo(who)
      for (const command of [
        put(table),
        new UpdateItemCommand({ TableName: table, Key: key }),
        new DeleteItemCommand({ TableName: table, Key: key }),
      ])
        await expect(client.send(command as PutItemCommand)).rejects.toThrow(
          /AccessDenied|not authorized|explicit deny/,
        )
    },
  )

  test('is read by those whom IAM lets', async () => {
    const client = await dynamo('operator')
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: key }),
    )
    expect(Item).toBeUndefined()
  })

  test('is written by the two functions', async () => {
    const sent = await home.as(
      'user',
      ...['send', '--to', to, '--amount', '0.1'],
      ...['--idempotency-key', 'order-1'],
    )
    expect(sent).toMatchObject({ code: 0, data: { status: 'mined' } })
    const client = await home.clientOf(LambdaClient, 'user')
    const reconcile = async () => {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName: `${stack}-reconciler` }),
      )
      expect(FunctionError).toBeUndefined()
      return JSON.parse(Payload?.transformToString() ?? '')
    }
    // The home's own run of each minute may be at work.
    await vi.waitUntil(async () => !(await reconcile()).skipped, {
      timeout: 60_000,
      interval: 500,
    })
    const shown = await home.as('user', 'tx', 'show', 'order-1')
    expect(shown.data).toMatchObject({ status: 'mined', final: true })
  })

  test('is found to be closed by the doctor', async () => {
    const { code, data } = await home.as('operator', 'doctor')
    expect(protectionIn(data)).toEqual({
      name: 'protection',
      ok: true,
      found:
        'only 2 roles or users can write to the ledger, and no one can delete items',
    })
    expect(code).toBe(0)
  })

  test('needs no protecting', async () => {
    const ran = await home.as('operator', 'ledger', 'protect', table)
    expect(ran).toMatchObject({
      code: 0,
      data: {
        changed: false,
        stacks: [stack],
        writers: [sender, reconciler],
        dropped: [],
        deletionProtection: true,
        pointInTimeRecovery: true,
      },
    })
  })
})

// biome-ignore lint/suspicious/noExplicitAny: an answer.
const protectionIn = (data: any) =>
  data.checks.find(({ name }: { name: string }) => name === 'protection')
const onTable = (name: string) => [
  ...['--ledger', name, '--key', `alias/${stack}`, '--network', 'local'],
  ...['--rpc-url', home.rpcUrl()],
]

describe('commands with --ledger on a closed table', () => {
  test.each([
    ['send', ['send', '--to', to, '--amount', '0.1']],
    ['tx speed-up', ['tx', 'speed-up', 'order-1']],
    ['tx cancel', ['tx', 'cancel', 'order-1']],
    ['tx reconcile', ['tx', 'reconcile']],
  ])('%s signs nothing, and says what to do', async (_, command) => {
    const ran = await home.as('user', ...command, ...onTable(table))
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: refusal('ledger-closed'),
    })
    expect(ran.stderr).toContain(`Error: The ledger ${table} is closed to arn:`)
    expect(ran.stderr).toContain('Nothing was signed.')
    expect(ran.stderr).toContain('See docs/errors/ledger-closed.md')
  })

  test('those that read work', async () => {
    const listed = await home.as('user', 'tx', 'list', ...onTable(table))
    // None is the command line's own.
    expect(listed).toMatchObject({ code: 0, data: { transactions: [] } })
  })

  test('a table that is not there is told as before', async () => {
    const ran = await home.as('user', 'tx', 'reconcile', ...onTable('nothing'))
    expect(ran.stderr).toContain('The table "nothing" at ')
    expect(ran.stderr).toContain('does not exist.')
  })

  test('the writers are named to those who may read the policy', async () => {
    const ran = await home.as(
      'operator',
      ...['tx', 'reconcile', ...onTable(table)],
    )
    expect(ran.stderr).toContain(`The writers are: ${sender}, ${reconciler}.`)
  })
})

describe('a policy that was taken away, or weakened', () => {
  test('is missed by the doctor, and set again', async () => {
    const client = await dynamo('operator')
    await client.send(
      new DeleteResourcePolicyCommand({ ResourceArn: tableArn }),
    )
    const { code, data } = await home.as('operator', 'doctor')
    expect(code).toBe(1)
    expect(protectionIn(data)).toMatchObject({
      ok: false,
      found:
        'The table has no resource policy: anyone whose IAM policy allows writing to it can make the key sign payments.',
      fix: `Run keyward ledger protect ${table}, which shows what is missing, asks for confirmation, and sets what is missing.`,
    })
    const dry = await home.as(
      'operator',
      ...['ledger', 'protect', table, '--dry-run'],
    )
    expect(dry).toMatchObject({ code: 0, data: { changed: false } })
    const ran = await home.as('operator', 'ledger', 'protect', table)
    expect(ran).toMatchObject({
      code: 0,
      data: {
        changed: true,
        before: null,
        writers: [sender, reconciler],
        steps: [{ part: `policy of ${table}`, done: true }],
      },
    })
    expect(ran.stderr).toContain(
      '+ OnlyTheLedgersWritersWrite: denies dynamodb:',
    )
    expect(protectionIn((await home.as('operator', 'doctor')).data).ok).toBe(
      true,
    )
    await expect(client.send(put(table))).rejects.toThrow(/explicit deny/)
  })

  test('is told for whom it is open; other statements stay', async () => {
    const client = await dynamo('operator')
    const { Policy = '' } = await client.send(
      new GetResourcePolicyCommand({ ResourceArn: tableArn }),
    )
    const document = JSON.parse(Policy)
    const [writes] = document.Statement
    writes.Condition.ArnNotEquals['aws:PrincipalArn'].push(
      `${iam}:user/operator`,
    )
    const reading = {
      Sid: 'Auditors',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:root' },
      Action: 'dynamodb:GetItem',
      Resource: tableArn,
    }
    document.Statement = [reading, writes]
    await client.send(
      new PutResourcePolicyCommand({
        ResourceArn: tableArn,
        Policy: JSON.stringify(document),
      }),
    )
    const { data } = await home.as('operator', 'doctor')
    expect(protectionIn(data).found).toBe(
      `The policy does not keep ${iam}:user/operator from writing items. The policy does not keep anyone from deleting items.`,
    )
    const ran = await home.as('operator', 'ledger', 'protect', table)
    expect(ran).toMatchObject({
      code: 0,
      data: { changed: true, dropped: [`${iam}:user/operator`] },
    })
    expect(ran.stderr).toContain(
      `! ${iam}:user/operator can write now, but will lose this access`,
    )
    const sids = ran.data.policy.Statement.map(
      ({ Sid }: { Sid: string }) => Sid,
    )
    expect(sids).toEqual([
      'Auditors',
      'OnlyTheLedgersWritersWrite',
      'NobodyDeletes',
    ])
    expect(protectionIn((await home.as('operator', 'doctor')).data).ok).toBe(
      true,
    )
  })

  test('that stops the functions is told too', async () => {
    const client = await dynamo('operator')
    const deny = (Sid: string, Action: string) => ({
      ...{ Sid, Effect: 'Deny', Principal: '*', Action, Resource: '*' },
    })
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        deny('A', 'dynamodb:*Item'),
        deny('B', 'dynamodb:PartiQL*'),
        deny('C', 'dynamodb:UpdateTimeToLive'),
      ],
    })
    await client.send(
      new PutResourcePolicyCommand({ ResourceArn: tableArn, Policy }),
    )
    const { data } = await home.as('operator', 'doctor')
    expect(protectionIn(data).found).toBe(
      `The policy might keep ${sender}, ${reconciler} from writing items, but must let them write.`,
    )
    // It stays beside ours, and goes on denying; who set it has to undo it.
    await client.send(
      new DeleteResourcePolicyCommand({ ResourceArn: tableArn }),
    )
    await home.as('operator', 'ledger', 'protect', table)
  })
})

describe("a table of one's own", () => {
  const own = 'payouts'
  const protect = (...args: string[]) =>
    home.as('operator', 'ledger', 'protect', own, ...args)

  test('is not closed to everybody', async () => {
    const client = await dynamo('operator')
    await client.send(new CreateTableCommand(ledgerTable(own) as never))
    const ran = await protect()
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(`Error: No stack uses the table "${own}".`)
    expect(ran.stderr).toContain('See docs/errors/ledger-writers.md')
  })

  test.each([['*'], ['arn:aws:iam::000000000000:root'], [`${iam}:role/*`]])(
    'is not opened to %s',
    async (writer) => {
      const ran = await protect('--writer', writer)
      expect(ran.stderr).toContain('is not the ARN of an IAM role or user.')
    },
  )

  test('is closed to all but its writer', async () => {
    const ran = await protect('--writer', user)
    expect(ran).toMatchObject({
      code: 0,
      data: {
        changed: true,
        writers: [user],
        steps: [
          { part: `policy of ${own}`, done: true },
          { part: `deletion protection of ${own}`, done: true },
          { part: `point-in-time recovery of ${own}`, done: true },
        ],
      },
    })
    const again = await protect('--writer', user)
    expect(again.data.changed).toBe(false)
    const reconcile = ['tx', 'reconcile', ...onTable(own)]
    expect((await home.as('user', ...reconcile)).code).toBe(0)
    const other = await home.as('operator', ...reconcile)
    expect(other.stderr).toContain(
      `Error: The ledger ${own} is closed to ${iam}:user/operator.`,
    )
    expect(other.stderr).toContain(`The writers are: ${user}.`)
  })

  test('is a ledger, or left alone', async () => {
    const client = await dynamo('operator')
    const { KeySchema, AttributeDefinitions, BillingMode } = ledgerTable('any')
    await client.send(
      new CreateTableCommand({
        TableName: 'orders',
        ...({ KeySchema, BillingMode } as object),
        AttributeDefinitions: AttributeDefinitions.slice(0, 2),
      } as never),
    )
    const args = ['ledger', 'protect', 'orders', '--writer', user]
    const ran = await home.as('operator', ...args)
    expect(ran.stderr).toContain('The table "orders" is not a ledger.')
    const none = await home.as('operator', 'ledger', 'protect', 'nothing')
    expect(none.stderr).toContain('There is no table named "nothing".')
  })
})

describe('a restored table', () => {
  const restored = 'restored'

  test('has no protection until somebody gives it', async () => {
    const client = await dynamo('operator')
    const { BackupDetails } = await client.send(
      new CreateBackupCommand({ TableName: table, BackupName: 'before' }),
    )
    await client.send(
      new RestoreTableFromBackupCommand({
        TargetTableName: restored,
        BackupArn: BackupDetails?.BackupArn,
      }),
    )
    await expect
      .poll(
        async () => {
          const { Table } = await client.send(
            new DescribeTableCommand({ TableName: restored }),
          )
          return Table?.TableStatus
        },
        { timeout: 30_000 },
      )
      .toBe('ACTIVE')
    const ran = await home.as(
      'operator',
      ...['ledger', 'protect', restored, '--stack', stack],
    )
    expect(ran).toMatchObject({
      code: 0,
      data: {
        writers: [sender, reconciler],
        steps: [{ done: true }, { done: true }, { done: true }],
      },
    })
    await expect(client.send(put(restored))).rejects.toThrow(/explicit deny/)
  })

  // ledgerRepair.test.ts gives a restored table to its stack in each run.
  test.runIf(soak)(
    'is given to the stack, with a writer more, and protected for it',
    async () => {
      const client = await dynamo('operator')
      const arn = tableArn.replace(table, restored)
      await client.send(new DeleteResourcePolicyCommand({ ResourceArn: arn }))
      const ran = await home.as(
        'operator',
        ...['deploy', '--existing-ledger', restored, '--ledger-writer', user],
      )
      expect(ran.stderr).toContain(
        `Afterwards, only the writers of ${stack} can write to the ledger ${restored}.`,
      )
      expect(ran).toMatchObject({
        code: 0,
        data: { ledger: { part: `protection of ${restored}`, done: true } },
      })
      const found = await home.as('operator', 'ledger', 'protect', restored)
      expect(found.data).toMatchObject({
        changed: false,
        stacks: [stack],
        writers: [sender, reconciler, user],
      })
      expect(protectionIn((await home.as('operator', 'doctor')).data).ok).toBe(
        true,
      )
    },
    120_000,
  )
})
