import {
  GetKeyPolicyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  type ImportHome,
  openImportHome,
} from '../../../../test/support/importHome.js'
import { testTerminal } from '../../../../test/support/testTerminal.js'
import { chooseKeyPolicy } from '../access/chooseKeyPolicy.js'
import { type AwsConnection, connectAws } from './connectAws.js'
import { createNamedKey } from './createNamedKey.js'
import { describeKey } from './describeKey.js'
import { untilSettled } from './untilSettled.js'

let at: ImportHome
beforeAll(async () => {
  at = await openImportHome()
})
afterAll(() => at.close())

type Hand = (
  name: string,
  send: () => Promise<unknown>,
  keyId: string,
) => Promise<unknown>

/** The home's KMS, with a hand between it and whoever sends. */
async function open(hand: Hand): Promise<AwsConnection> {
  const meddle = (client: KMSClient) => {
    const send = client.send.bind(client) as (command: unknown) => unknown
    client.send = ((command: {
      input: { KeyId?: string; TargetKeyId?: string }
    }) =>
      hand(
        command.constructor.name.replace('Command', ''),
        async () => send(command),
        command.input.TargetKeyId ?? command.input.KeyId ?? '',
      )) as never
    return client
  }
  for (const [name, value] of Object.entries(at.as('operator')))
    vi.stubEnv(name, value)
  try {
    const aws = await connectAws(testTerminal(), { quiet: true })
    meddle(aws.kms)
    return {
      ...aws,
      open: (create, credentials) => {
        const client = aws.open(create, credentials)
        return client instanceof KMSClient ? (meddle(client) as never) : client
      },
    }
  } finally {
    vi.unstubAllEnvs()
  }
}

async function create(
  aws: AwsConnection,
  alias: string,
  more: { origin?: 'AWS_KMS' | 'EXTERNAL' } = {},
) {
  const { origin = 'AWS_KMS' } = more
  const options = { given: {}, defaultPolicy: false, origin, alias }
  const policy = await chooseKeyPolicy(aws, options)
  return createNamedKey(
    testTerminal(),
    aws,
    { origin, policy, alias },
    async () => {},
  )
}

const countKeys = async () =>
  (await at.operator.send(new ListKeysCommand({}))).Keys?.length ?? 0
const nameOf = async (arn: string) =>
  (await at.operator.send(new ListAliasesCommand({ KeyId: arn }))).Aliases?.map(
    ({ AliasName }) => AliasName,
  )
const notFound = () =>
  Object.assign(new Error('Key is not found.'), {
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 400 },
  })

test('waits for a key that KMS does not know everywhere yet', async () => {
  const late: Record<string, number> = {}
  const aws = await open((name, send, keyId) => {
    if (!/^(CreateAlias|GetPublicKey)$/.test(name)) return send()
    const key = `${name} ${keyId}`
    late[key] = (late[key] ?? 0) + 1
    return late[key] > 2 ? send() : Promise.reject(notFound())
  })
  const key = await create(aws, 'alias/late')
  const { address } = await untilSettled(() =>
    describeKey(aws.kms, key, 'alias/late'),
  )
  expect(address).toMatch(/^0x/)
  expect(await nameOf(key.Arn)).toEqual(['alias/late'])
  aws.close()
})

test('waits for an unnamed key and a later policy', async () => {
  let old: unknown
  let late = 0
  const unknown: Record<string, number> = {}
  const aws = await open(async (name, send, keyId) => {
    if (name === 'DescribeKey') {
      unknown[keyId] = (unknown[keyId] ?? 0) + 1
      return unknown[keyId] > 2 ? send() : Promise.reject(notFound())
    }
    if (name === 'PutKeyPolicy') {
      await send()
      late = 2
      return
    }
    if (name !== 'GetKeyPolicy') return send()
    if (late-- > 0) return old
    old = await send()
    return old
  })
  const options = { given: {}, defaultPolicy: false } as const
  const policy = await chooseKeyPolicy(aws, { ...options, origin: 'AWS_KMS' })
  const afterwards = policy.policy as { Statement: { Sid: string }[] }
  // The last one forbids to be set past KMS's check.
  const first = { ...afterwards, Statement: afterwards.Statement.slice(0, -1) }
  const { Arn } = await createNamedKey(
    testTerminal(),
    aws,
    { origin: 'AWS_KMS', policy: { policy: first, afterwards } as never },
    async () => {},
  )
  expect(unknown[Arn]).toBe(3)
  const read = await aws.kms.send(new GetKeyPolicyCommand({ KeyId: Arn }))
  expect(JSON.parse(read.Policy ?? '')).toEqual(afterwards)
  aws.close()
})

test('names a previously unnamed key the next time, without a second one', async () => {
  const before = await countKeys()
  const gone = await open((name, send) =>
    name === 'CreateAlias' ? Promise.reject(new Error('gone')) : send(),
  )
  await expect(create(gone, 'alias/again')).rejects.toThrow('gone')
  gone.close()
  const aws = await open((_, send) => send())
  await expect(
    create(aws, 'alias/again', { origin: 'EXTERNAL' }),
  ).rejects.toThrow('An earlier run created a different key for this alias.')
  const key = await create(aws, 'alias/again')
  expect(await nameOf(key.Arn)).toEqual(['alias/again'])
  expect(await countKeys()).toBe(before + 1)
  aws.close()
})

test('finds a key whose answer was lost, and sends CreateKey once', async () => {
  const before = await countKeys()
  let sent = 0
  const aws = await open(async (name, send) => {
    const answer = await send()
    if (name !== 'CreateKey') return answer
    sent++
    throw Object.assign(new Error('hung up'), { code: 'ECONNRESET' })
  })
  const key = await create(aws, 'alias/lost')
  expect(await nameOf(key.Arn)).toEqual(['alias/lost'])
  expect([await countKeys(), sent]).toEqual([before + 1, 1])
  aws.close()
})
