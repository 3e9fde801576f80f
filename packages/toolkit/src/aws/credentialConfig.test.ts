import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListKeysCommand } from '@aws-sdk/client-kms'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PasswordError } from '../../../keyfile/src/index.js'
import type { Io } from '../Io.js'
import { connectAws } from './connectAws.js'

const serial = 'arn:aws:iam::123456789012:mfa/jane'
const issued = 'ASIAIOSFODNN7EXAMPLE'

let folder = ''
let close = () => {}
/** What STS was asked, and by which access key the other services. */
let asked: string[] = []

beforeEach(async () => {
  asked = []
  folder = await mkdtemp(join(tmpdir(), 'keyward mfa '))
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const form = new URLSearchParams(body)
    const action = form.get('Action')
    const [, key] =
      /Credential=(\w+)/.exec(request.headers.authorization ?? '') ?? []
    if (request.url?.startsWith('/_keyward/')) return response.end()
    if (action === null) {
      asked.push(`${key}`)
      return response.end('{"Keys": [], "Functions": []}')
    }
    const given = ['SerialNumber', 'TokenCode'].map((name) => form.get(name))
    asked.push(`${key} ${action} ${given.filter(Boolean).join(' ')}`.trim())
    response.end(
      action === 'AssumeRole'
        ? `<AssumeRoleResponse><AssumeRoleResult><Credentials>
             <AccessKeyId>${issued}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
             <SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>
           </Credentials></AssumeRoleResult></AssumeRoleResponse>`
        : `<GetCallerIdentityResponse><GetCallerIdentityResult>
             <Account>123456789012</Account><Arn>arn:aws:iam::123456789012:root</Arn>
           </GetCallerIdentityResult></GetCallerIdentityResponse>`,
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  close = () => {
    server.closeAllConnections()
    server.close()
  }
  const { port } = server.address() as AddressInfo
  const path = join(folder, 'config')
  await writeFile(
    path,
    `[profile safe]
role_arn = arn:aws:iam::123456789012:role/break-glass
source_profile = base
mfa_serial = ${serial}
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = secret
[profile sso]
sso_start_url = https://example.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = admin
`,
  )
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`)
  vi.stubEnv('AWS_CONFIG_FILE', path)
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'))
  vi.stubEnv('HOME', folder)
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  close()
  await rm(folder, { recursive: true })
})

function openIo(ask: () => Promise<Buffer>) {
  const questions: string[] = []
  const io: Io = {
    env: process.env,
    stdin: process.stdin,
    notify() {},
    confirm: async () => {},
    assertAskable() {},
    ask(question: string) {
      questions.push(question)
      return ask()
    },
  } as unknown as Io
  return { io, questions }
}

describe('a profile with mfa_serial', () => {
  test.each(['named', 'of the environment'])(
    '%s: asks for the code, once for all clients',
    async (how) => {
      const { io, questions } = openIo(async () => Buffer.from('123456\n'))
      if (how !== 'named') vi.stubEnv('AWS_PROFILE', 'safe')
      const aws = await connectAws(
        io,
        how === 'named' ? { profile: 'safe' } : {},
      )
      await aws.kms.send(new ListKeysCommand({}))
      await aws.open(LambdaClient).send(new ListFunctionsCommand({}))
      await aws.callerArn()
      aws.close()
      expect(questions).toEqual([`MFA code of ${serial}: `])
      expect(asked).toEqual([
        `AKIAIOSFODNN7EXAMPLE AssumeRole ${serial} 123456`,
        `${issued} GetCallerIdentity`,
        issued,
        issued,
      ])
    },
  )

  test('with nobody to ask: explains what it needs', async () => {
    const { io } = openIo(async () => {
      throw new PasswordError(
        'A secret is needed.',
        'Give it by --password-fd.',
      )
    })
    await expect(connectAws(io, { profile: 'safe' })).rejects.toThrow(
      `The profile needs a code from the MFA device "${serial}", but there is no terminal to ask for it.
Run the command in a terminal, or run aws configure export-credentials --format env in a terminal and set the variables that it prints.
See docs/errors/missing-credentials.md`,
    )
    expect(asked).toEqual([])
  })

  test('with an invalid code: sends nothing', async () => {
    const { io } = openIo(async () => Buffer.from('12345'))
    await expect(connectAws(io, { profile: 'safe' })).rejects.toThrow(
      'The input is not an MFA code.',
    )
    expect(asked).toEqual([])
  })
})

test("the SDK's own reason is passed on", async () => {
  const { io } = openIo(async () => Buffer.from(''))
  await expect(connectAws(io, { profile: 'sso' })).rejects.toThrow(
    /^No AWS credentials were found\.\nThe AWS SDK says: The SSO session .*aws sso login.*\.\nSet a profile/,
  )
})
