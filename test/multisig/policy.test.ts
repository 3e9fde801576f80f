import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callDynamo } from '../support/ledgerTable.js'
import { runInProcess } from '../support/runInProcess.js'
import {
  type Answer,
  type MultisigHome,
  openMultisigHome,
} from '../support/safe/openMultisigHome.js'

// An owner with a policy of its own, beside one without: it signs the Safe's
// transactions that the policy allows, up to what its window has left.

const payee: Hex = `0x${'aa'.repeat(20)}`
const stranger: Hex = `0x${'ab'.repeat(20)}`
const by = { callers: ['anna'], chains: [31337] }
const policyOf = (safe: Hex) =>
  JSON.stringify({
    version: 1,
    windows: {
      day: { asset: 'native', chain: 31337, length: 'day', limit: '100' },
    },
    rules: [
      { id: 'safe', ...by, typedData: { kinds: ['SafeTx'] } },
      {
        ...{ id: 'wrap', ...by, dangers: ['wrapped-hash'] },
        typedData: { kinds: ['SafeMessage'] },
      },
      {
        ...{ id: 'say', callers: ['anna'] },
        message: { kinds: ['text'], texts: ['We own this Safe.'] },
      },
      { id: 'pay', ...by, payment: {}, recipients: [payee], windows: ['day'] },
      {
        ...{ id: 'own', ...by, dangers: ['owners', 'self-call'] },
        call: {
          to: [safe],
          functions: ['addOwnerWithThreshold(address,uint256)'],
          args: { owner: { equals: payee } },
          spends: 'unknown',
        },
      },
    ],
  })
const folder = mkdtempSync(join(tmpdir(), 'keyward multisig policy '))
const file = join(folder, 'policy.json')
writeFileSync(file, policyOf(payee))

let home: MultisigHome
beforeAll(async () => {
  const owner = (name: string) => ({
    approvers: { [name]: `arn:aws:iam::000000000000:role/${name}` },
  })
  home = await openMultisigHome({
    ownerNames: ['anna', 'bert'],
    owners: [
      { ...owner('anna'), policy: file },
      { ...owner('bert'), open: ['owners'] },
    ],
  })
  const safe = await home.createSafe()
  writeFileSync(file, policyOf(safe))
  await home.pin(safe)
  // What was before its first run is not recounted.
  await reconcile()
}, 180_000)
afterAll(async () => {
  await home?.close()
  rmSync(folder, { recursive: true })
})

const reconcile = () =>
  home.invoke('treasury-own-reconciler:clock', {}, 'operator')
const propose = (to: Hex, value: string) =>
  home.coordinate({ operation: 'propose', calls: [{ to, value }] })
const approve = (number: number, { safe_tx_hash }: Answer) =>
  home.cosign(number, { operation: 'approve', safe_tx_hash })

test('it signs what its policy allows, and the other owner whatever is proposed', async () => {
  const allowed = await propose(payee, '60')
  expect(await approve(1, allowed)).toMatchObject({ signed_now: true })
  expect(await approve(1, allowed)).toMatchObject({ signed_now: false })
  const forbidden = await propose(stranger, '1')
  expect(await approve(1, forbidden)).toMatchObject({
    errorType: 'NotAuthorizedError',
    errorMessage: expect.stringContaining('recipients'),
  })
  expect(await approve(2, forbidden)).toMatchObject({ signed_now: true })
})

test('its window counts across proposals', async () => {
  const signs = home.signs()
  expect(await approve(1, await propose(payee, '41'))).toMatchObject({
    errorType: 'NotAuthorizedError',
    errorMessage: expect.stringContaining('windows[day]'),
  })
  expect(home.signs()).toBe(signs)
  expect(await approve(1, await propose(payee, '40'))).toMatchObject({
    signed_now: true,
  })
})

describe('an item of its window that somebody deletes', () => {
  const dynamodb = (operation: string, input: object) => {
    const credentials = home.home.credentials('operator')
    const { endpoint } = home.home
    return callDynamo({ endpoint, credentials }, operation, input)
  }

  test('halts it at the next run of the reconciler', async () => {
    const { guard_table: table } = await reconcile()
    const TableName = String(table)
    const { Table } = await dynamodb('DescribeTable', { TableName })
    const { TableArn: ResourceArn } = Table as { TableArn: string }
    await dynamodb('DeleteResourcePolicy', { ResourceArn })
    const Key = { pk: { S: 'windows' }, sk: { S: 'native@31337' } }
    await dynamodb('DeleteItem', { TableName, Key })
    expect(await reconcile()).toMatchObject({
      guard_problem:
        'The guard is halted: a bucket in window "day" records a total of 0, but 100 has been committed to it.',
    })
    expect(await approve(1, await propose(payee, '1'))).toMatchObject({
      errorType: 'GuardHaltedError',
    })
  })

  test('is lifted by administrators', async () => {
    const { endpoint } = home.home
    const { accessKeyId, secretAccessKey } = home.home.credentials('operator')
    const lifted = await runInProcess(
      ['unfreeze', '--guard', '--stack', 'treasury', '--yes', '--json'],
      {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
    )
    expect(JSON.parse(lifted.stdout)).toMatchObject({ lifted: true })
    expect(await approve(1, await propose(payee, '2'))).toMatchObject({
      signed_now: true,
    })
  })
})

test('a message is signed where a rule names it, and another allows it itself', async () => {
  const signs = home.signs()
  const say = (number: number, message: string) =>
    home.cosign(number, { operation: 'approve_message', message })
  expect(await say(1, 'We own this Safe!')).toMatchObject({
    errorType: 'NotAuthorizedError',
    errorMessage: expect.stringContaining('message.texts'),
  })
  expect(await say(2, 'We own this Safe.')).toMatchObject({
    errorType: 'DangerousMessageError',
  })
  expect(home.signs()).toBe(signs)
  expect(await say(1, 'We own this Safe.')).toMatchObject({
    ...{ approved: true, findings: [] },
    opened: [expect.objectContaining({ danger: 'safe-message' })],
    signature: expect.stringMatching(/^0x[0-9a-f]{130}$/),
  })
})

test('a rule that names a danger opens it, as far as it allows it', async () => {
  const add = (owner: Hex) => {
    const data = encodeFunctionData({
      abi: parseAbi(['function addOwnerWithThreshold(address, uint256)']),
      args: [owner, 2n],
    })
    const to = home.file.domain.safe
    return home.coordinate({
      operation: 'propose',
      calls: [{ to, value: '0', data }],
    })
  }
  const signs = home.signs()
  expect(await approve(1, await add(stranger))).toMatchObject({
    errorType: 'DangerousTransactionError',
    errorMessage: expect.stringContaining('owners'),
  })
  expect(home.signs()).toBe(signs)
  const proposal = await add(payee)
  expect(await approve(1, proposal)).toMatchObject({
    signed_now: true,
    findings: [],
    opened: expect.arrayContaining([
      expect.objectContaining({ danger: 'owners', path: '' }),
    ]),
  })
  expect(await approve(2, proposal)).toMatchObject({ signed_now: true })
  // The coordinator executes it, though its own settings open nothing.
  expect(await home.execute(proposal)).toMatchObject({ status: 'mined' })
})

test('its status tells the policy and the table', async () => {
  const status = await home.invoke(
    'treasury-cosigner-1:status',
    { operation: 'status' },
    'operator',
  )
  expect(status).toMatchObject({
    policy_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    guard_table: expect.stringContaining('Guard'),
    guard_problem: null,
  })
})
