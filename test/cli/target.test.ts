import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startLocalHome } from '../support/localHome.js'
import { refusal } from '../support/refusal.js'
import { keywardBin, runCli } from '../support/runCli.js'
import { runInTerminal } from '../support/runInTerminal.js'

// Where commands go when it is not the local home. Nothing here reaches a
// network: each is refused before the first byte is sent.

const arn =
  'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const credentials = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
let home = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyward-home-'))
  await mkdir(join(home, '.aws'))
  await writeFile(
    join(home, '.aws', 'config'),
    '[profile far]\nregion = eu-west-1\nendpoint_url = http://10.1.2.3:4566\n' +
      `aws_access_key_id = ${credentials.AWS_ACCESS_KEY_ID}\n` +
      `aws_secret_access_key = ${credentials.AWS_SECRET_ACCESS_KEY}\n`,
  )
})
afterAll(() => rm(home, { recursive: true, force: true }))

test('signing in AWS names account and Region, and asks first', async () => {
  const ran = await runCli(
    ['sign', 'message', '--key', arn, '--in', '-', '--json'],
    { env: credentials, input: 'hello' },
  )
  expect(ran).toEqual({
    code: 1,
    stdout: refusal('confirmation-required'),
    stderr: `AWS account 123456789012 (eu-central-1)
Signing a message of 5 bytes.
Error: This command signs a message of 5 bytes in AWS account 123456789012 (eu-central-1), but there is no terminal to ask for confirmation.
Without a terminal, pass --yes to confirm.
See docs/errors/confirmation-required.md, or run:
  keyward explain confirmation-required
`,
  })
})

test('another endpoint by https is AWS all the same, and is named', async () => {
  const ran = await runCli(['sign', 'message', '--key', arn, '--in', '-'], {
    env: { ...credentials, AWS_ENDPOINT_URL: 'https://127.0.0.1:1' },
    input: 'hello',
  })
  expect(ran.code).toBe(1)
  expect(ran.stderr).toMatch(
    /^AWS account 123456789012 \(eu-central-1\) through https:\/\/127\.0\.0\.1:1\n/,
  )
  expect(ran.stderr).toContain('confirmation-required')
})

test.each([
  ['http://192.168.1.5:4566'],
  ['http://kms.us-east-1.amazonaws.com'],
  ['http://127.0.0.1.example.com'],
  ['http://localhost.example.com:4566'],
])('plain http to another machine is refused: %s', async (url) => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_KMS']) {
    const ran = await runCli(['key', 'address', arn], {
      env: { ...credentials, [name]: url },
    })
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: '',
    })
    expect(ran.stderr).toMatch(
      new RegExp(`^Error: The AWS endpoint "${url}" is not allowed\\.\n`),
    )
  }
})

test('a plain http endpoint of a profile is refused too', async () => {
  const ran = await runCli(['key', 'list'], {
    env: { HOME: home, AWS_PROFILE: 'far' },
  })
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({
    code: 1,
    stdout: '',
  })
  expect(ran.stderr).toContain('"http://10.1.2.3:4566" is not allowed')
})

test.each([
  [{ ...credentials }, 'missing-region'],
  [{ AWS_REGION: 'eu-west-1' }, 'missing-credentials'],
  [
    {
      ...credentials,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    },
    'aws-unreachable',
  ],
  [
    { ...credentials, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'nonsense' },
    'insecure-endpoint',
  ],
])('settings that lack something, case %#: a sentence', async (env, code) => {
  const ran = await runCli(['key', 'list'], {
    env: env as Record<string, string>,
  })
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({
    code: 1,
    stdout: '',
  })
  expect(ran.stderr).toContain(`See docs/errors/${code}.md`)
  expect(ran.stderr).not.toContain('    at ')
})

test.each([
  [{ HTTPS_PROXY: 'http://127.0.0.1:1' }, 'HTTPS_PROXY is set'],
  [{ AWS_CA_BUNDLE: '/ca.pem' }, 'AWS_CA_BUNDLE is set'],
])('%j is refused before a byte is sent', async (env, reason) => {
  const ran = await runCli(['key', 'show', arn], {
    env: { ...credentials, ...env },
  })
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain(
    'Error: The request to AWS (kms.eu-central-1.amazonaws.com) was not sent.',
  )
  expect(ran.stderr).toContain(reason)
})

test('a profile with MFA asks, and says in the end what its source lacks', async () => {
  const path = join(home, 'mfa')
  await writeFile(
    path,
    '[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/a\n' +
      'mfa_serial = arn:aws:iam::123456789012:mfa/jane\nsource_profile = gone\n',
  )
  const env = { AWS_CONFIG_FILE: path, AWS_PROFILE: 'mfa' }
  const { code, shown } = await runInTerminal(
    [process.execPath, keywardBin, 'key', 'list'],
    [[/MFA code of .*: /, '123456']],
    { env: { ...env, AWS_REGION: 'us-east-1' } },
  )
  expect(code).toBe(1)
  expect(shown).toContain('Could not resolve credentials using profile: [gone]')
  expect(shown).toContain('See docs/errors/missing-credentials.md')
})

test('KEYWARD_DEBUG shows the stack', async () => {
  const ran = await runCli(['key', 'list'], {
    env: { ...credentials, KEYWARD_DEBUG: '1' },
  })
  expect(ran.stderr).toContain('See docs/errors/missing-region.md')
  expect(ran.stderr).toContain('    at ')
})

describe('a loopback endpoint', () => {
  const servers: Server[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  /** AWS behind a tunnel, as far as these commands go. */
  async function startTunnel(answerHome: (response: ServerResponse) => void) {
    const asked: string[] = []
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const target = request.headers['x-amz-target'] ?? ''
        const body = Buffer.concat(chunks).toString()
        const action = /Action=(\w+)/.exec(body)?.[1]
        asked.push(`${request.url} ${target || (action ?? '')}`.trim())
        if (request.url?.startsWith('/_keyward/')) answerHome(response)
        else if (action === 'GetCallerIdentity')
          response
            .writeHead(200, { 'content-type': 'text/xml' })
            .end(
              '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
            )
        else response.writeHead(500).end('{}')
      })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}`, asked }
  }

  test.each<[string, (response: ServerResponse) => void]>([
    ['has no such path', (response) => response.writeHead(404).end('{}')],
    ['answers nonsense', (response) => response.end('<html>')],
    [
      'claims to be a home and can not prove it',
      (response) =>
        response.end(
          JSON.stringify({
            ...{ accountId: '000000000000', region: 'us-east-1' },
            proof: 'ab'.repeat(32),
          }),
        ),
    ],
    [
      'never stops talking',
      (response) => response.end(`"${'x'.repeat(100_000)}"`),
    ],
  ])('that %s counts as AWS, and is asked about', async (name, answer) => {
    const { url, asked } = await startTunnel(answer)
    const ran = await runCli(['key', 'create', '--default-policy'], {
      env: {
        ...credentials,
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL: url,
      },
    })
    if (name === 'never stops talking') {
      expect(ran.code).toBe(1)
      expect(ran.stderr).toMatch(/^Error: /)
    } else {
      expect(
        ran.stderr,
      ).toBe(`AWS account 123456789012 (eu-west-1) through ${url}
Error: This command creates a key in AWS account 123456789012 (eu-west-1) through ${url}, but there is no terminal to ask for confirmation.
Without a terminal, pass --yes to confirm.
See docs/errors/confirmation-required.md, or run:
  keyward explain confirmation-required
`)
    }
    expect(asked.filter((each) => each.includes('TrentService'))).toEqual([])
  })

  test('where a home does not know the credentials: a sentence', async () => {
    const home = await startLocalHome({ args: ['--no-chain'] })
    try {
      const own = await home.env('operator')
      const ran = await runCli(['key', 'create', '--yes'], {
        env: { ...own, ...credentials },
      })
      expect(ran).toEqual({
        code: 1,
        stdout: '',
        stderr: `Error: The local home at "${home.ready.endpoint}" does not know these credentials.
They belong to AWS, to another home, or to this home before it was reset. Use the home's own credentials: eval "$(npx --no-install keyward env)".
See docs/errors/strange-home.md, or run: keyward explain strange-home
`,
      })
      // The right key with a wrong secret proves nothing either way.
      const forged = await runCli(['key', 'create', '--yes'], {
        env: { ...own, AWS_SECRET_ACCESS_KEY: 'wrong' },
      })
      expect(forged.code).toBe(1)
      expect(forged.stderr).not.toContain('local home http')
      // A clock that is wrong by a day changes nothing about who it is.
      await runCli([
        'local',
        'faults',
        '--data-dir',
        home.dataDir,
        '--clock-skew',
        '86400',
      ])
      const skewed = await runCli(['key', 'list', '--json'], {
        env: await home.env(),
      })
      expect(skewed).toMatchObject({
        code: 0,
        stderr: `local home ${home.ready.endpoint}\n`,
      })
    } finally {
      await home.close()
    }
  })
})
