import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCli } from '../support/runCli.js'

let home: RunningHome
let env: Record<string, string>
beforeAll(async () => {
  home = await startLocalHome({ args: ['--no-chain'] })
  env = await home.env()
})
afterAll(() => home.close())

const cli = (...args: string[]) => runCli(args, { env })
const json = async (...args: string[]) => {
  const ran = await cli(...args, '--json')
  expect({ code: ran.code, lines: ran.stdout.split('\n').length }).toEqual({
    code: 0,
    lines: 2,
  })
  return JSON.parse(ran.stdout)
}

const arnOf = (keyId: string) =>
  `arn:aws:kms:us-east-1:000000000000:key/${keyId}`

test('create, show, address and list agree, by every form of id', async () => {
  const created = await json(
    ...['key', 'create', '--alias', 'treasury', '--description', 'for "tests"'],
  )
  expect(created).toEqual({
    keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    arn: arnOf(created.keyId),
    alias: 'alias/treasury',
    description: 'for "tests"',
    state: 'Enabled',
    origin: 'AWS_KMS',
    keySpec: 'ECC_SECG_P256K1',
    address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
  })
  for (const id of [
    created.keyId,
    created.arn,
    'alias/treasury',
    'arn:aws:kms:us-east-1:000000000000:alias/treasury',
  ]) {
    expect(await json('key', 'show', id)).toMatchObject({
      ...created,
      alias: expect.stringMatching(/alias\/treasury$/),
    })
    expect(await cli('key', 'address', '--key', id)).toEqual({
      code: 0,
      stdout: `${created.address}\n`,
      stderr: `local home ${home.ready.endpoint}\n`,
    })
  }
  expect((await json('key', 'list')).keys).toContainEqual(created)
})

test('the key of the environment is the default', async () => {
  expect(await json('key', 'show')).toMatchObject({
    arn: home.key.arn,
    alias: 'alias/keyward-dev',
    address: home.key.address,
  })
  expect(await json('key', 'address')).toEqual({
    address: home.key.address,
    key: home.key.keyId,
  })
})

test('as text', async () => {
  const { stdout } = await cli('key', 'show')
  expect(stdout).toBe(`key id       ${home.key.keyId}
ARN          ${home.key.arn}
alias        alias/keyward-dev
description  Ethereum account, signed for by keyward-dev
state        Enabled
origin       AWS_KMS
key spec     ECC_SECG_P256K1
address      ${home.key.address}
`)
  expect((await cli('key', 'list')).stdout).toContain(
    `${home.key.address}  ${home.key.keyId}  alias/keyward-dev\n`,
  )
})

test('an alias that is taken or not allowed costs no key', async () => {
  const before = (await json('key', 'list')).keys.length
  for (const [alias, code, message] of [
    [
      ...(['keyward-dev', 1] as const),
      `It belongs to the key ${home.key.keyId}. No key was created`,
    ],
    ['alias/aws/mine', 2, 'AWS reserves names'],
    ['with space', 2, 'letters, digits'],
    ['alias/', 2, 'letters, digits'],
  ] as const) {
    const ran = await cli('key', 'create', '--alias', alias)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' })
    expect(ran.stderr).toContain(message)
  }
  expect((await json('key', 'list')).keys).toHaveLength(before)
})

test('a key that does not exist', async () => {
  const missing = '1234abcd-12ab-34cd-56ef-1234567890ab'
  for (const command of ['show', 'address']) {
    const ran = await cli('key', command, missing)
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: `local home ${home.ready.endpoint}
Error: AWS returned NotFoundException.
Key '${arnOf(missing)}' does not exist
Check the name, the AWS account and the Region. To choose others, use another profile or set AWS_REGION.
See docs/errors/aws-refused.md, or run: keyward explain aws-refused
`,
    })
  }
})
