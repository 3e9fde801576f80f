import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  RestoreTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../support/runCli.js'
import { sendHttp } from '../support/sendHttp.js'
import { startBareHome } from '../support/startBareHome.js'
import { soak } from '../support/tools.js'

// A table that is restored lacks what came after. The tests go on from each
// other, as docs/guides/backup-and-restore-ledger.md does.

const stack = 'keyward-dev'
const restored = 'treasury-restored'
const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const ether = 10n ** 18n

let home: Awaited<ReturnType<typeof startBareHome>>
let table = ''
const hashes: Record<string, string> = {}

beforeAll(async () => {
  home = await startBareHome([])
  const client = await home.clientOf(DynamoDBClient, 'operator')
  const { TableNames } = await client.send(new ListTablesCommand())
  table = TableNames?.find((name) => name.includes('Ledger')) ?? ''
  await call('anvil_setBalance', [home.address(), '0x8ac7230489e80000'])
}, 180_000)
afterAll(() => home.close())

async function call(method: string, params: unknown[]): Promise<unknown> {
  const url = home.rpcUrl()
  const { body } = await sendHttp(url, {
    headers: { 'content-type': 'application/json', host: new URL(url).host },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return JSON.parse(body).result
}
const received = async () =>
  BigInt(String(await call('eth_getBalance', [to, 'latest'])))

async function invoke(as: string, name: string, event: object) {
  const client = await home.clientOf(LambdaClient, as)
  const { Payload } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  )
  return JSON.parse(Payload?.transformToString() ?? 'null')
}

const send = (key: string, amount: string, ...args: string[]) =>
  home.as(
    'user',
    ...['send', '--to', to, '--amount', amount],
    ...['--idempotency-key', key, ...args],
  )
async function mined(key: string, amount: string, ...args: string[]) {
  const sent = await send(key, amount, ...args)
  expect(sent).toMatchObject({ code: 0, data: { status: 'mined' } })
  hashes[key] = sent.data.signed_tx_hash
}
// biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested.
const checkIn = (data: any, name: string) =>
  data.checks.find((check: { name: string }) => check.name === name)

describe('who may ask the reconciler for what', () => {
  test('an administrator, through admin, who needs no IAM policy for it', async () => {
    expect(
      await invoke('admin', `${stack}-reconciler:admin`, {
        ...{ operation: 'repair', dry_run: true },
      }),
    ).toEqual({
      complete: false,
      dry_run: true,
      found: [],
      unproven: [],
      lost: [],
      lowered: null,
      refused: [],
    })
  })

  test.each(['break-glass', 'importer'])('not %s', async (who) => {
    await expect(
      invoke(who, `${stack}-reconciler:admin`, { operation: 'repair' }),
    ).rejects.toThrow(/not authorized to perform: lambda:InvokeFunction/)
  })

  test('an administrator no other way', async () => {
    await expect(
      invoke('admin', `${stack}-reconciler`, { operation: 'repair' }),
    ).rejects.toThrow(/not authorized to perform: lambda:InvokeFunction/)
  })

  test.each([
    ['without an alias', `${stack}-reconciler`],
    ['through "clock"', `${stack}-reconciler:clock`],
  ])('nothing but reconciling %s', async (came, name) => {
    expect(await invoke('user', name, { operation: 'repair' })).toMatchObject({
      errorType: 'AdministratorsOnlyError',
      errorMessage: expect.stringContaining(
        `The operation "repair" was called ${came}; allowed: only through the alias "admin", which the stack's administrators can invoke.`,
      ),
    })
    expect(await invoke('user', name, {})).toHaveProperty('counts')
  })
})

describe('a table restored to an hour ago', () => {
  test('lacks what was sent since', async () => {
    await mined('order-1', '0.1')
    const client = await home.clientOf(DynamoDBClient, 'operator')
    const sent = Date.now()
    let RestoreDateTime: Date | undefined
    await expect
      .poll(
        async () => {
          const { ContinuousBackupsDescription } = await client.send(
            new DescribeContinuousBackupsCommand({ TableName: table }),
          )
          const { PointInTimeRecoveryDescription: found } =
            ContinuousBackupsDescription ?? {}
          RestoreDateTime = found?.LatestRestorableDateTime
          return (RestoreDateTime?.getTime() ?? 0) > sent
        },
        { timeout: 30_000 },
      )
      .toBe(true)
    await mined('order-2', '0.2')
    await mined('order-3', '0.3')
    await client.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: table,
        TargetTableName: restored,
        RestoreDateTime,
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
  }, 120_000)

  test('is protected, and given to the stack', async () => {
    const protect = ['ledger', 'protect', restored, '--stack', stack]
    expect(await home.as('operator', ...protect)).toMatchObject({ code: 0 })
    const deployed = ['deploy', '--existing-ledger', restored]
    const ran = await home.as('operator', ...deployed)
    expect(ran).toMatchObject({
      code: 0,
      data: { outputs: { LedgerTable: restored }, pin: home.address() },
    })
    // The key is there already: its pin needs no second deployment.
    expect(ran.stderr.match(/Synthesizing/g)).toHaveLength(1)
  }, 120_000)

  test('accepts nothing', async () => {
    const before = await received()
    for (const key of ['order-2', 'order-4']) {
      const refused = await send(key, '0.2')
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain(
        `Error: The ledger does not match the chain: the table "${restored}" is a restored copy of the table "${table}" and lacks all later changes.`,
      )
    }
    expect(await received()).toBe(before)
  })

  test('is told of by the doctor', async () => {
    const { code, data } = await home.as('operator', 'doctor')
    expect(code).toBe(1)
    expect(checkIn(data, 'ledger')).toMatchObject({
      ok: false,
      found: expect.stringContaining('is a restored copy of'),
      fix: expect.stringContaining(
        'keyward tx repair --stack keyward-dev --dry-run',
      ),
    })
  })
})

describe('keyward tx repair', () => {
  const plan = () => [
    { nonce: 1, hash: hashes['order-2'], value_wei: String(ether / 5n) },
    {
      nonce: 2,
      hash: hashes['order-3'],
      value_wei: String((ether * 3n) / 10n),
    },
  ]

  test('shows what the ledger lacks, and writes nothing', async () => {
    const ran = await home.as('admin', 'tx', 'repair', '--dry-run')
    expect(ran).toMatchObject({
      code: 0,
      data: { complete: false, dry_run: true, unproven: [], lowered: null },
    })
    expect(ran.data.found).toMatchObject(plan())
    const env = await home.envOf('admin')
    const { stdout } = await runCli(['tx', 'repair', '--dry-run'], { env })
    expect(stdout.split('\n')).toEqual([
      '2 transactions on the chain or in the pool are missing from the ledger:',
      '  nonce 1, mined: value 0.2',
      `    hash ${hashes['order-2']}`,
      `    to   ${to.toLowerCase()}`,
      '  nonce 2, mined: value 0.3',
      `    hash ${hashes['order-3']}`,
      `    to   ${to.toLowerCase()}`,
      '',
      'Nothing was written: this was a dry run.',
      '',
    ])
    expect((await send('order-4', '0.2')).code).toBe(1)
  })

  test('is refused to who is no administrator', async () => {
    const { code, stderr } = await home.as('importer', 'tx', 'repair')
    expect(code).toBe(1)
    expect(stderr).toContain('lambda:InvokeFunction')
  })

  test('writes it down', async () => {
    const ran = await home.as('admin', 'tx', 'repair')
    expect(ran).toMatchObject({ code: 0, data: { complete: true } })
    expect(ran.data.found).toMatchObject(plan())
    expect(ran.stderr).toContain(
      '2 transactions on the chain or in the pool are missing',
    )
  })

  test('once; then there is nothing left', async () => {
    const env = await home.envOf('admin')
    const { code, stdout } = await runCli(['tx', 'repair'], { env })
    expect(code).toBe(0)
    expect(stdout).toBe('The ledger is complete. Recorded 0 transactions.\n')
    const { data } = await home.as('operator', 'doctor')
    expect(checkIn(data, 'ledger')).toEqual({
      name: 'ledger',
      ok: true,
      found: `${restored} is complete; maxForeign is unlimited`,
    })
  })
})

describe('a request that is repeated afterwards', () => {
  test('is refused, since it may be what was found', async () => {
    const before = await received()
    for (const [key, amount] of [
      ['order-2', '0.2'],
      ['order-3', '0.3'],
    ] as const) {
      const { code, stderr } = await send(key, amount)
      expect(code).toBe(1)
      expect(stderr).toContain('Error: The same transaction was sent before: ')
      expect(stderr).toContain(hashes[key])
    }
    expect(await received()).toBe(before)
  })

  test('is adopted by an administrator, for the alias it came through', async () => {
    const hash = hashes['order-2'] ?? ''
    const adopt = ['tx', 'adopt', hash, '--as', 'order-2']
    const ran = await home.as('admin', ...adopt, '--caller', '*')
    expect(ran).toMatchObject({
      code: 0,
      data: { signed_tx_hash: hash, nonce: 1, status: 'mined' },
    })
    const taken = await home.as('admin', ...adopt, '--caller', 'payouts')
    expect(taken.code).toBe(1)
    expect(taken.stderr).toContain("Error: The transaction can't be adopted: ")
  })

  test('is answered with the adopted transaction, and paid once', async () => {
    const before = await received()
    const again = await send('order-2', '0.2')
    expect(again).toMatchObject({
      code: 0,
      data: { status: 'mined', signed_tx_hash: hashes['order-2'], nonce: 1 },
    })
    expect(await received()).toBe(before)
  })

  test('is sent when its caller says that it is another one', async () => {
    const before = await received()
    await mined('order-5', '0.3', '--not-a-repeat')
    expect(hashes['order-5']).not.toBe(hashes['order-3'])
    expect(await received()).toBe(before + (ether * 3n) / 10n)
  })

  test('is adopted for a caller, whose alias only that caller may use', async () => {
    const args = ['tx', 'adopt', hashes['order-3'] ?? '', '--as', 'order-3']
    const { code, stdout } = await runCli(
      [...args, '--caller', 'payouts', '--yes'],
      { env: await home.envOf('admin') },
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /\nnext {9}keyward tx show \S+ --caller payouts\n {13}\(as the caller payouts, because each alias is for one caller\)\n$/,
    )
  })

  test('what was sent before the backup is known as ever', async () => {
    const before = await received()
    const again = await send('order-1', '0.1')
    expect(again.data.signed_tx_hash).toBe(hashes['order-1'])
    expect(await received()).toBe(before)
  })
})

test.runIf(soak)(
  'a deployment tells where a ledger begins that is said to be new',
  async () => {
    const count = await call('eth_getTransactionCount', [
      ...[home.address(), 'latest'],
    ])
    const args = ['deploy', '--new-ledger', '--max-foreign', '10', '--dry-run']
    const { code, stderr, data } = await home.as('operator', ...args)
    expect(code).toBe(0)
    expect(stderr).toContain(`The ledger begins at nonce ${Number(count)}: `)
    expect(data.dryRun).toBe(true)
    expect(JSON.stringify(data.changes)).toContain('SenderReconcilerFunction')
  },
  60_000,
)
