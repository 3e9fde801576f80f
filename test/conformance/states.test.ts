import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampled } from '../support/sampled.js'
import { newPkcs8 } from '../support/wrapKeyMaterial.js'
import {
  type Key,
  type KmsUnderTest,
  newAlias,
  openKms,
  remote,
} from './openKms.js'
import { fill } from './rows/answers.js'
import {
  deletion,
  movingRows,
  ownRows,
  type State,
  type StateRow,
  states,
  stayingRows,
} from './rows/states.js'

// Every cell of AWS's table of key states. What leaves the state as it is
// shares one key, since AWS takes money for keys.

let kms: KmsUnderTest
const shared = {} as Record<State, Key>
const material = newPkcs8()

async function keyIn(state: State, Origin = 'EXTERNAL'): Promise<Key> {
  const key = await kms.createKey({ Origin })
  const KeyId = key.keyId
  if (Origin === 'EXTERNAL' && state !== 'PendingImport') {
    const imported = await kms.importKey(KeyId, material)
    expect(imported).toMatchObject({ status: 200 })
  }
  if (state === 'Disabled') await kms.ok('DisableKey', { KeyId })
  if (state === 'PendingDeletion')
    await kms.ok('ScheduleKeyDeletion', { KeyId })
  return key
}

beforeAll(async () => {
  kms = await openKms(states.length * (2 + movingRows.length) + 1)
  for (const state of states) shared[state] = await keyIn(state)
})
afterAll(() => kms.close())

async function answerOf(operation: string, input: object, arn: string) {
  const root = `arn:aws:iam::${arn.split(':')[4]}:root`
  const filled = fill(JSON.stringify(input), { '<root>': root })
  const { type, message } = await kms.send(operation, JSON.parse(filled))
  if (type === undefined) return 'ok'
  return message === 'UnknownError'
    ? type
    : `${type}: ${message?.replace(`${arn} `, '')}`
}

const cell = (state: State, row: StateRow) => row[2 + states.indexOf(state)]

describe.each(states)('%s', (state) => {
  test.each(sampled(stayingRows, 3))('%s', async (...row) => {
    const { keyId, arn } = shared[state]
    const [operation, input] = row
    const answer = await answerOf(operation, { KeyId: keyId, ...input }, arn)
    expect(answer).toBe(cell(state, row))
    const { KeyMetadata } = await kms.ok('DescribeKey', { KeyId: arn })
    expect(KeyMetadata).toMatchObject({
      KeyState: state,
      Enabled: state === 'Enabled',
    })
  })

  test.each(sampled(movingRows, 3))('%s', async (...row) => {
    const [operation, input] = row
    // Wrapping keys take long to make: only where the origin matters.
    const external =
      state === 'PendingImport' || operation === 'DeleteImportedKeyMaterial'
    const { keyId, arn } = await keyIn(state, external ? 'EXTERNAL' : 'AWS_KMS')
    const answer = await answerOf(operation, { KeyId: keyId, ...input }, arn)
    expect(answer).toBe(cell(state, row))
  })

  test.skipIf(remote).each(sampled(ownRows, 3))(
    'local only: %s',
    async (...row) => {
      const { keyId, arn } = shared[state]
      const [operation, input] = row
      const answer = await answerOf(operation, { KeyId: keyId, ...input }, arn)
      expect(answer).toBe(cell(state, row))
    },
  )

  test('aliases', async () => {
    const { keyId, arn } = shared[state]
    const home = await kms.createKey()
    const expected = state === 'PendingDeletion' ? deletion : 'ok'
    const created = { AliasName: newAlias(), TargetKeyId: keyId }
    expect(await answerOf('CreateAlias', created, arn)).toBe(expected)
    const moved = { AliasName: newAlias(), TargetKeyId: home.keyId }
    await kms.ok('CreateAlias', moved)
    const back = { ...moved, TargetKeyId: keyId }
    expect(await answerOf('UpdateAlias', back, arn)).toBe(expected)
    expect(await answerOf('UpdateAlias', moved, arn)).toBe('ok')
    const { AliasName } = moved
    expect(await answerOf('DeleteAlias', { AliasName }, arn)).toBe('ok')
  })
})

test('a cancelled deletion leaves the key disabled', async () => {
  const { keyId, arn } = await keyIn('PendingDeletion')
  expect(await kms.ok('CancelKeyDeletion', { KeyId: keyId })).toEqual({
    KeyId: arn,
  })
  const { KeyMetadata } = await kms.ok('DescribeKey', { KeyId: keyId })
  expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
  expect(KeyMetadata).not.toHaveProperty('DeletionDate')
})
