import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { run } from '../support/runCli.js'
import { soak, toolPath, without } from '../support/tools.js'

// The stack's policies, as somebody with Debian's `aws` runs into them.

let home: RunningHome
let digest: string
beforeAll(async () => {
  home = await startLocalHome({ args: ['--no-chain'] })
  digest = join(home.dataDir, 'digest')
  await writeFile(digest, Buffer.alloc(32, 1))
})
afterAll(() => home.close())

async function kms(as: string, ...args: string[]) {
  return run(
    toolPath('aws'),
    ['--endpoint-url', home.ready.endpoint, '--output', 'json', 'kms', ...args],
    { env: await home.env(as) },
  )
}

const sign = (type: string) => [
  ...['sign', '--key-id', home.key.arn, '--message-type', type],
  ...['--signing-algorithm', 'ECDSA_SHA_256'],
  ...['--message', `fileb://${digest}`],
]

test.skipIf(without('aws'))('a user signs', async () => {
  const { code, stdout } = await kms('user', ...sign('DIGEST'))
  expect(code).toBe(0)
  expect(JSON.parse(stdout).KeyId).toBe(home.key.arn)
})

const refused: [string, string, string, () => string[]][] = [
  ['RAW, as a user', 'user', 'Sign', () => sign('RAW')],
  ['as administrator', 'admin', 'Sign', () => sign('DIGEST')],
  ['as operator', 'operator', 'Sign', () => sign('DIGEST')],
  [
    'a deletion, as administrator',
    'admin',
    'ScheduleKeyDeletion',
    () => ['schedule-key-deletion', '--key-id', home.key.arn],
  ],
]
test.skipIf(without('aws')).each(refused.slice(0, soak ? undefined : 1))(
  'refused: %s',
  async (_, as, operation, args) => {
    const { code, stdout, stderr } = await kms(as, ...args())
    expect({ code, stdout }).toEqual({ code: 254, stdout: '' })
    expect(stderr).toContain(
      `An error occurred (AccessDeniedException) when calling the ${operation} operation: User: `,
    )
    expect(stderr).toContain(`is not authorized to perform: kms:${operation}`)
  },
)
