import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStackHome } from '../../../../test/support/openStackHome.js'
import {
  signerTemplate,
  writeAssembly,
} from '../../../../test/support/signerAssembly.js'

// Before Lambda accepts a destination for failed invocations, it checks that
// the function's role may use it.

let folder = ''
let home: Awaited<ReturnType<typeof openStackHome>>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward destination '))
  home = await openStackHome(join(folder, 'home'))
})
afterEach(async () => {
  await home.close()
  rmSync(folder, { recursive: true, force: true })
})

const queue = 'arn:aws:sqs:us-east-1:000000000000:failures'
function deploy(destination: unknown, ...statements: object[]) {
  const template = signerTemplate()
  const properties = (id: string) =>
    (template.Resources[id] as { Properties: Record<string, unknown> })
      .Properties
  template.Resources.Queue = {
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: 'failures' },
  }
  properties('NoRetries').DestinationConfig = {
    OnFailure: { Destination: destination },
  }
  const document = properties('SignerPolicy').PolicyDocument as {
    Statement: object[]
  }
  document.Statement.push(...statements)
  return home.deploy(writeAssembly(join(folder, 'cdk.out'), template))
}
const arn = { 'Fn::GetAtt': ['Queue', 'Arn'] }
const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue }
const refusal = `The function's execution role does not have permissions to call SendMessage on ${queue}`

test.each<[string, object[]]>([
  ['nothing lets it', []],
  ['it may send to another', [{ ...allow, Resource: `${queue}2` }]],
  ['it may, and it is denied', [allow, { ...allow, Effect: 'Deny' }]],
  [
    'it may from its function only, and Lambda sends',
    [
      {
        ...allow,
        Condition: {
          ArnEquals: {
            'lambda:SourceFunctionArn':
              'arn:aws:lambda:us-east-1:000000000000:function:signers-signer',
          },
        },
      },
    ],
  ],
])('a role is refused: %s', async (_, statements) => {
  await expect(deploy(arn, ...statements)).rejects.toThrow(refusal)
})

test('a role that may send is taken', async () => {
  expect(await deploy(arn, allow)).toMatchObject({ status: 'CREATE_COMPLETE' })
})

test('the URL of a queue is no destination', async () => {
  await expect(deploy({ Ref: 'Queue' }, allow)).rejects.toThrow(
    'The destination ARN https://sqs.us-east-1.amazonaws.com/000000000000/failures is invalid.',
  )
})
