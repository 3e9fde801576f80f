import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callDynamo } from '../support/ledgerTable.js'
import {
  openSendingStack,
  type SendingStack,
} from '../support/openSendingStack.js'
import { runInProcess } from '../support/runInProcess.js'
import { soak } from '../support/tools.js'

// A stack that only signs: its reconciler has no key and no ledger, and compares
// what the windows count with what its signers reserved. The tests go on from
// each other.

const payee = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const gwei = 10n ** 9n
const policy = JSON.stringify({
  version: 1,
  windows: {
    day: {
      ...{ asset: 'native', chain: 31337, length: 'day' },
      limit: `${10n ** 17n}`,
    },
    texts: { asset: 'requests', length: 'day', limit: '5' },
  },
  rules: [
    {
      ...{ id: 'pay', chains: [31337], payment: {}, windows: ['day'] },
      fee: { maxFee: `${10n ** 15n}` },
    },
    {
      ...{ id: 'say', windows: ['texts'] },
      message: { kinds: ['text'], texts: ['hello', 'good evening'] },
    },
  ],
})

const folder = mkdtempSync(join(tmpdir(), 'keyward signers '))
const file = join(folder, 'policy.json')
writeFileSync(file, policy)

let stack: SendingStack
let table = ''
beforeAll(async () => {
  // As if these were functions of another stack: their roles are put in after the
  // synthesis, which takes no role of the stack's own.
  const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
  const others = ['eip1559-signer', 'legacy-signer']
  stack = await openSendingStack(
    {
      ...{ policy: file, signers: 'true', sender: 'false', confirmations: '' },
      guardedUsers: others.map((kind) => role(`second-${kind}`)),
    },
    ({ Resources }) => {
      const tables = { Eip1559: 'treasury-guard', Legacy: 'another-guard' }
      const arnOf = (table: string) => ({
        'Fn::Sub': `arn:aws:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${table}`,
      })
      for (const [id, { Type, Properties }] of Object.entries(Resources)) {
        if (Type === 'AWS::DynamoDB::GlobalTable')
          Properties.TableName = 'treasury-guard'
        if (Type === 'AWS::KMS::Key')
          Properties.KeyPolicy = JSON.parse(
            JSON.stringify(Properties.KeyPolicy).replaceAll(
              role('second-'),
              role('treasury-'),
            ),
          )
        for (const [name, table] of Object.entries(tables))
          if (Type === 'AWS::IAM::Role' && id.startsWith(name))
            Properties.Tags = [{ Key: 'keyward-guard', Value: arnOf(table) }]
      }
    },
  )
  table = (await ask('reconciler:status', { operation: 'status' })).guard_table
}, 120_000)
afterAll(async () => {
  await stack?.close()
  rmSync(folder, { recursive: true })
})

const ask = (alias: string, event: object, as?: 'operator') =>
  stack.invoke(`treasury-${alias}`, event, as)
const sign = (nonce: number, value: bigint) =>
  ask('eip1559-signer:payouts', {
    ...{ operation: 'sign', dst_address: payee, value_wei: `${value}` },
    ...{ nonce, gas: 21000 },
    ...{ max_fee_per_gas: `${gwei}`, max_priority_fee_per_gas: '1' },
  })
const say = (message: string) =>
  ask('message-signer:payouts', { operation: 'sign_message', message })
const reconcile = () => ask('reconciler:clock', {}, 'operator')
const dynamodb = (operation: string, input: object) => {
  const { endpoint } = stack.home
  const credentials = stack.home.credentials('operator')
  return callDynamo({ endpoint, credentials }, operation, input)
}
const itemOf = (sk: string) => ({
  TableName: table,
  Key: { pk: { S: 'windows' }, sk: { S: sk } },
})
const keyward = (...args: string[]) => {
  const { accessKeyId, secretAccessKey } = stack.home.credentials('operator')
  return runInProcess(args, {
    AWS_ENDPOINT_URL: stack.home.endpoint,
    AWS_REGION: stack.home.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  })
}
const unfreeze = () =>
  keyward('unfreeze', '--guard', '--stack', 'treasury', '--yes', '--json')

/** With root rights: no table's policy holds who may take it away. */
async function openTable() {
  const { Table } = await dynamodb('DescribeTable', { TableName: table })
  const { TableArn } = Table as { TableArn: string }
  await dynamodb('DeleteResourcePolicy', { ResourceArn: TableArn })
}

const healthy = { guard_problem: null, policy_mode: 'enforce' }

test('a reconciler that has no key says what it looks after', async () => {
  expect(await ask('reconciler:status', { operation: 'status' })).toEqual({
    ...{ network: 'local', chain_id: 31337, policy_problem: null },
    ...{ ...healthy, guard_table: table },
    policy_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    policy_name: 'policy',
  })
  expect(await reconcile()).toMatchObject(healthy)
})

test('finds nothing amiss after payments, repetitions and messages', async () => {
  await sign(1, 10n ** 16n)
  await sign(1, 10n ** 16n)
  await sign(1, 2n * 10n ** 16n)
  expect(await say('hello')).toHaveProperty('signature')
  expect(await reconcile()).toMatchObject(healthy)
})

describe('an item that somebody deletes', () => {
  test('halts everything at the next run', async () => {
    await openTable()
    await dynamodb('DeleteItem', itemOf('native@31337'))
    // Until then it is as if nothing had been spent.
    expect(await sign(2, 10n ** 16n)).toHaveProperty('signed_tx_payload')
    const { guard_problem: problem } = await reconcile()
    expect(problem).toMatch(
      /^The guard is halted: a bucket in window "day" records a total of 10021000000000000, but 30042000000000000 has been committed to it\.$/,
    )
    expect(await sign(3, 1n)).toMatchObject({ errorType: 'GuardHaltedError' })
    expect(await say('hello')).toHaveProperty('errorType', 'GuardHaltedError')
    const lines = stack.lines.filter((line) => line.includes('guard-halted'))
    expect(lines.join()).toContain('The guard is halted: a bucket in window')
  })

  test('is lifted by administrators, and stays lifted', async () => {
    expect(
      await ask(
        'reconciler:clock',
        { operation: 'unfreeze_guard' },
        'operator',
      ),
    ).toMatchObject({ errorType: 'AdministratorsOnlyError' })
    // Times in the table are of whole seconds, and what was signed in the second
    // of the lifting is still reckoned with. People are not so quick.
    await sleep(1000)
    const lifted = await unfreeze()
    expect(lifted.stderr).toContain(
      'The guard is halted: a bucket in window "day"',
    )
    expect(JSON.parse(lifted.stdout)).toEqual({
      ...{ guardTable: table, lifted: true },
    })
    expect(await reconcile()).toMatchObject(healthy)
    expect(await sign(3, 1n)).toHaveProperty('signed_tx_payload')
    expect(await reconcile()).toMatchObject(healthy)
  })
})

test('a count of messages that somebody lowers halts as well', async () => {
  expect(await say('good evening')).toHaveProperty('signature')
  await dynamodb('UpdateItem', {
    ...itemOf('requests'),
    UpdateExpression: 'SET windows.#w = :w',
    ExpressionAttributeNames: { '#w': 'texts/day' },
    ExpressionAttributeValues: {
      ':w': {
        M: { sum: { N: '0' }, at: { N: '400000' }, buckets: { M: {} } },
      },
    },
  })
  expect((await reconcile()).guard_problem).toContain(
    'a bucket in window "texts" records a total of 0',
  )
  expect(JSON.parse((await unfreeze()).stdout)).toMatchObject({ lifted: true })
})

test('KMS refuses a role that counts elsewhere, by the policy of the key', async () => {
  const refused = await ask('legacy-signer:payouts', {
    ...{ operation: 'sign', dst_address: payee, value_wei: '1' },
    ...{ nonce: 9, gas: 21000, gas_price: `${gwei}` },
  })
  expect(refused).toMatchObject({ errorType: 'KmsServiceError' })
  expect(refused.errorMessage).toContain('explicit deny in a resource-based')
})

test('the doctor tells how its windows are, and misses no sender', async () => {
  const { stdout } = await keyward('doctor', '--stack', 'treasury', '--json')
  const { checks } = JSON.parse(stdout) as { checks: { name: string }[] }
  const named = (name: string) => checks.filter((one) => one.name === name)
  expect(named('guard')).toEqual([
    { name: 'guard', ok: true, found: `counts signatures in ${table}` },
  ])
  expect(named('policy')).toMatchObject([{ ok: true }])
  expect(named('sender')).toEqual([])
})

describe('a second stack with the same key', () => {
  test('needs a word about its policy where money is worth something', async () => {
    const unsaid = await deploy('--network', 'sepolia')
    expect(unsaid.code).toBe(1)
    expect(unsaid.stderr).toContain(
      'No policy was given for the stack second on sepolia.',
    )
    // That there is none was said.
    const said = await deploy('--network', 'sepolia', '--policy', 'none')
    expect(said.stderr).toContain('It would not count them at all.')
  })

  const deploy = async (...more: string[]) => {
    const { key_id: key } = await ask('legacy-signer:status', {
      operation: 'status',
    })
    return keyward(
      ...['deploy', '--stack', 'second', '--yes'],
      ...['-c', `existingKeyArn=${key}`, '--address', stack.address],
      ...more,
    )
  }

  const elsewhere: [instead: string, args: string[]][] = [
    ['It would count them in a separate table.', ['--policy', file]],
    [
      'It would count them in another-guard.',
      ['--policy', file, '-c', 'existingGuardTable=another-guard'],
    ],
    ['It would not count them at all.', ['--policy', 'none']],
    ['It would not count them at all.', []],
  ]
  test.each(soak ? elsewhere : elsewhere.slice(0, 1))(
    'is refused before anything is made: %s',
    async (instead, args) => {
      const { code, stderr } = await deploy(...args)
      expect(code).toBe(1)
      expect(stderr).toContain(
        `The stack second would sign with the key of the stack treasury, but would not count its signatures in the table ${table}.`,
      )
      expect(stderr).toContain(instead)
      expect(stderr).toContain(`-c existingGuardTable=${table}`)
      expect(stderr).toContain('docs/errors/second-guard.md')
      const status = await keyward('status', '--stack', 'second')
      expect(status.stderr).toContain('docs/errors/stack-missing.md')
    },
  )
})
