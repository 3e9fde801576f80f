import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KmsUnderTest, newAlias, openKms, remote } from './openKms.js'
import { awsAnswers, fill, ownAnswers } from './rows/answers.js'

let kms: KmsUnderTest
let names: Record<string, string>

beforeAll(async () => {
  kms = await openKms(5)
  const alias = newAlias()
  const keys = {
    key: await kms.createKey(),
    other: await kms.createKey(),
    disabled: await kms.createKey(),
    leaving: await kms.createKey(),
    empty: await kms.createKey({ Origin: 'EXTERNAL' }),
  }
  await kms.ok('DisableKey', { KeyId: keys.disabled.keyId })
  await kms.ok('ScheduleKeyDeletion', { KeyId: keys.leaving.keyId })
  await kms.ok('CreateAlias', {
    AliasName: alias,
    TargetKeyId: keys.key.keyId,
  })
  const place = keys.key.arn.replace(/:key\/.*$/, '')
  const account = place.split(':')[4] ?? ''
  names = {
    '<alias>': alias,
    '<place>': place,
    '<account>': account,
    '<root>': `arn:aws:iam::${account}:root`,
    '<caller>': kms.home?.credentials('operator').principalArn ?? '',
  }
  for (const [name, { keyId, arn }] of Object.entries(keys)) {
    names[`<${name}>`] = keyId
    names[`<${name}Arn>`] = arn
  }
})
afterAll(() => kms.close())

const filled = (input: object | string) =>
  typeof input === 'string'
    ? input
    : JSON.parse(fill(JSON.stringify(input), names))

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const suites = [
  ["AWS's answers", awsAnswers, false],
  ["what AWS doesn't document or only this KMS refuses", ownAnswers, remote],
] as const

for (const [title, answers, skipped] of suites)
  describe.skipIf(skipped)(title, () => {
    test.each(answers)('%s: %s, on the wire', async (...row) => {
      const [, operation, input, type, text] = row
      const answer = await kms.wire({ operation, body: filled(input) })
      const body = {
        __type: expect.stringMatching(new RegExp(`^([^#]+#)?${type}$`)),
        ...(text !== undefined && { message: fill(text, names) }),
        // AWS says no word; the home says what there is.
        ...(type === 'UnknownOperationException' &&
          !remote && {
            message: expect.stringContaining('The local home has no operation'),
          }),
      }
      expect({ ...answer, body: JSON.parse(answer.body) }).toMatchObject({
        status: 400,
        body,
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'content-length': String(Buffer.byteLength(answer.body)),
          'x-amzn-requestid': expect.stringMatching(uuid),
        },
      })
      // Nothing beside them: an absent text is an absent member.
      expect(JSON.parse(answer.body)).toEqual(body)
    })

    // The SDK can't be made to send what isn't well-formed.
    const sendable = answers.filter(
      ([, , input, type]) =>
        typeof input === 'object' &&
        type !== 'SerializationException' &&
        type !== 'UnknownOperationException',
    )
    test.each(sendable)('%s: %s, through the SDK', async (...row) => {
      const [, operation, input, type, text] = row
      expect(await kms.send(operation, filled(input))).toEqual({
        status: 400,
        requestId: expect.stringMatching(uuid),
        type,
        message: text === undefined ? 'UnknownError' : fill(text, names),
      })
    })
  })
