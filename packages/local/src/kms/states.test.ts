import { beforeAll, describe, expect, test } from 'vitest'
import { fill } from '../../../../test/conformance/rows/answers.js'
import {
  deletion,
  movingRows,
  ownRows,
  type State,
  type StateRow,
  states,
  stayingRows,
} from '../../../../test/conformance/rows/states.js'
import { createTestKms } from '../../../../test/support/createTestKms.js'
import { sampled } from '../../../../test/support/sampled.js'
import {
  importKey,
  newPkcs8,
} from '../../../../test/support/wrapKeyMaterial.js'

// Every cell of AWS's table of key states. Operations that don't change the
// state share one key; each of the others has its own.

const aws = createTestKms()
const material = newPkcs8()

const keyIn = async (state: State) => {
  const key = await aws.createKey({ Origin: 'EXTERNAL' })
  if (state !== 'PendingImport') await importKey(aws, key.keyId, material)
  if (state === 'Disabled') await aws.ok('DisableKey', { KeyId: key.keyId })
  if (state === 'PendingDeletion')
    await aws.ok('ScheduleKeyDeletion', { KeyId: key.keyId })
  return key
}

const root = 'arn:aws:iam::000000000000:root'
const filled = ([operation, input, ...rest]: StateRow): StateRow => [
  operation,
  JSON.parse(fill(JSON.stringify(input), { '<root>': root })),
  ...rest,
]
const staying = [...stayingRows, ...ownRows].map(filled)
const moving = movingRows.map(filled)

const answerOf = async (operation: string, input: object, arn: string) => {
  const { body } = await aws.send(operation, input)
  if (body.__type === undefined) return 'ok'
  const text = body.message === undefined ? '' : `: ${body.message}`
  return `${body.__type}${text.replace(`${arn} `, '')}`
}

describe.each(states)('%s', (state) => {
  let key: Awaited<ReturnType<typeof keyIn>>
  beforeAll(async () => {
    key = await keyIn(state)
  })
  const answers = async (
    { keyId, arn }: typeof key,
    [operation, input, ...expected]: StateRow,
  ) => {
    const answer = await answerOf(operation, { KeyId: keyId, ...input }, arn)
    expect(answer).toBe(expected[states.indexOf(state)])
  }
  test.each(sampled(staying, 2))('%s', async (...row) => {
    await answers(key, row)
    const { KeyMetadata } = await aws.ok('DescribeKey', { KeyId: key.keyId })
    expect(KeyMetadata).toMatchObject({ KeyState: state })
  })
  test.each(sampled(moving, 2))('%s', async (...row) => {
    await answers(await keyIn(state), row)
  })

  test('aliases', async () => {
    const { keyId, arn } = key
    const { keyId: home } = await aws.createKey()
    const AliasName = `alias/${state}`
    const expected = state === 'PendingDeletion' ? deletion : 'ok'
    const created = { AliasName, TargetKeyId: keyId }
    expect(await answerOf('CreateAlias', created, arn)).toBe(expected)
    const moved = { AliasName: `${AliasName}-2`, TargetKeyId: home }
    await aws.ok('CreateAlias', moved)
    const back = { ...moved, TargetKeyId: keyId }
    expect(await answerOf('UpdateAlias', back, arn)).toBe(expected)
    expect(await answerOf('UpdateAlias', moved, arn)).toBe('ok')
  })
})

describe('aliases of a key that goes', () => {
  let keyId: string
  beforeAll(async () => {
    keyId = (await aws.createKey()).keyId
    for (const name of ['alias/stays', 'alias/leaves'])
      await aws.ok('CreateAlias', { AliasName: name, TargetKeyId: keyId })
    await aws.ok('ScheduleKeyDeletion', {
      KeyId: keyId,
      PendingWindowInDays: 7,
    })
  })

  test('can be deleted and moved, and go with it on its day', async () => {
    await aws.ok('DeleteAlias', { AliasName: 'alias/leaves' })
    const before = aws.clock.now
    aws.clock.now = before + 7 * 86_400_000 - 1
    expect(await aws.ok('ListAliases', { KeyId: keyId })).toMatchObject({
      Aliases: [{ AliasName: 'alias/stays' }],
    })
    aws.clock.now += 1
    expect(await aws.send('DescribeKey', { KeyId: keyId })).toMatchObject({
      body: { __type: 'NotFoundException' },
    })
    expect(await aws.send('DescribeKey', { KeyId: 'alias/stays' })).toEqual({
      status: 400,
      body: {
        __type: 'NotFoundException',
        message:
          'Alias arn:aws:kms:us-east-1:000000000000:alias/stays is not found.',
      },
    })
    const files = aws.reopen()
    expect(files.kms.keys().map((key) => key.keyId)).not.toContain(keyId)
    files.kms.close()
    aws.clock.now = before
  })
})

test('a cancelled deletion leaves the key disabled', async () => {
  const { keyId, arn } = await keyIn('PendingDeletion')
  expect(await aws.ok('CancelKeyDeletion', { KeyId: arn })).toEqual({
    KeyId: arn,
  })
  const { KeyMetadata } = await aws.ok('DescribeKey', { KeyId: keyId })
  expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
  expect(KeyMetadata).not.toHaveProperty('DeletionDate')
})
