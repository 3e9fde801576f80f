import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import { createLocalHome } from '@keyward/local'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from '../support/runInProcess.js'
import { startTamperingProxy } from '../support/startTamperingProxy.js'
import { soak } from '../support/tools.js'
import {
  type Policy,
  roles,
  rootArn,
  strict,
  type Weakness,
  weaknesses,
} from './weaknesses.js'

type Home = Awaited<ReturnType<typeof createLocalHome>>
let folder = ''
let home: Home

const [admin = ''] = roles.administrators
const [deployer = ''] = roles.deployers
const [signer = ''] = roles.users

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward access-'))
  const dataDir = join(folder, 'home')
  const open = () => createLocalHome({ dataDir, port: 0, chain: false })
  home = await open()
  await home.close()
  writeFileSync(
    join(dataDir, 'principals.json'),
    JSON.stringify({ [admin]: [], [deployer]: [], [signer]: [] }),
    { mode: 0o600 },
  )
  home = await open()
})
afterAll(async () => {
  await home?.close()
  rmSync(folder, { recursive: true, force: true })
})

const clientOf = (as: string) =>
  new KMSClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials(as),
    maxAttempts: 1,
  })
const envOf = (as: string, endpoint = home.endpoint) => {
  const { accessKeyId, secretAccessKey } = home.credentials(as)
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: home.region,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
const cli = (as: string, ...args: string[]) => runInProcess(args, envOf(as))

/** A key with this policy, whatever AWS's lockout check says to it. */
async function keyWith(policy: Policy): Promise<string> {
  const root = clientOf('root')
  const { KeyMetadata } = await root.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
      Origin: 'EXTERNAL',
      Policy: JSON.stringify(policy),
      BypassPolicyLockoutSafetyCheck: true,
    }),
  )
  root.destroy()
  return KeyMetadata?.Arn ?? ''
}

async function policyOf(as: string, keyArn: string): Promise<Policy> {
  const client = clientOf(as)
  try {
    const { Policy: text = '' } = await client.send(
      new GetKeyPolicyCommand({ KeyId: keyArn }),
    )
    return JSON.parse(text) as Policy
  } finally {
    client.destroy()
  }
}

/** Who may look at the key, as long as it is weak. */
async function whoLooks(keyArn: string): Promise<string> {
  for (const as of [admin, deployer, 'root'])
    if (await policyOf(as, keyArn).then(Boolean, () => false)) return as
  throw new Error('Nobody may read the policy.')
}

const flags = [
  ...['--admin', ...roles.administrators],
  ...['--user', ...roles.users],
  ...['--importer', ...roles.importers],
  ...['--break-glass', ...roles.breakGlass],
  ...['--deployer', ...roles.deployers],
]

describe('each planted weakness', () => {
  const planted = weaknesses.filter((each) => !each.unenforceable)
  const isFirst = ({ finding, forever }: Weakness, i: number) =>
    planted.findIndex((each) => each.forever === forever) === i ||
    (finding.code === 'sign' &&
      planted.findIndex((each) => each.finding.code === finding.code) === i)

  // weaknesses.test.ts finds and mends all of them without a KMS.
  test.each(soak ? planted : planted.filter(isFirst))(
    '$name',
    async (weakness: Weakness) => {
      const key = await keyWith(weakness.policy)
      const as = await whoLooks(key)
      const check = ['access', 'check', '--key', key, ...flags]

      const told = await cli(as, ...check)
      expect(told.code).toBe(1)
      const line = told.stdout
        .split('\n')
        .find((line) => line.includes(`  ${weakness.finding.code}: `))
      expect(line?.replace(/^.*?: /, '')).toMatch(weakness.finding.says)

      const apply = ['access', 'apply', '--key', key, ...flags]
      if (weakness.forever) {
        const refused = await cli(as, ...apply)
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain('AccessDeniedException')
        return
      }
      const applied = await cli(as, ...apply)
      expect(applied.stdout).toMatch(/^The policy of .* is set/)
      const { Statement } = strict()
      const kept = weakness.policy.Statement.filter(({ Sid }) =>
        weakness.stays?.includes(`${Sid}`),
      )
      expect(await policyOf(admin, key)).toEqual({
        Version: '2012-10-17',
        Statement: [...Statement, ...kept],
      })

      // Clean for who may see all of it, with and without its roles said.
      for (const args of [check, ['access', 'check', '--key', key]]) {
        const clean = await cli(admin, ...args, '--json')
        expect({ code: clean.code, ...JSON.parse(clean.stdout) }).toMatchObject(
          {
            code: 0,
            findings: [],
            roles,
          },
        )
      }
      const again = await cli(admin, 'access', 'apply', '--key', key, '--json')
      expect(JSON.parse(again.stdout)).toMatchObject({ changed: false })
    },
  )
})

describe('apply', () => {
  const [planted] = weaknesses.filter(({ name }) => name === 'everybody')
  const policy = planted?.policy ?? strict()

  test('asks for roles when there are none to be seen', async () => {
    const key = await keyWith(weaknesses[0]?.policy ?? strict())
    const ran = await cli('root', 'access', 'apply', '--key', key)
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toContain('The key would have no administrator.')
  })

  test('sets nothing in a dry run, nor does plan', async () => {
    const key = await keyWith(policy)
    for (const args of [['plan'], ['apply', '--dry-run']]) {
      const [verb = '', ...rest] = args
      const ran = await cli(admin, 'access', verb, '--key', key, ...rest)
      expect(ran.code).toBe(0)
      expect(ran.stdout).toContain('- Planted: allows kms:Sign to everybody')
      expect(ran.stdout).toContain(
        '+ OnlyUsersSign: denies kms:Sign to everybody',
      )
    }
    expect(await policyOf(admin, key)).toEqual(policy)
  })

  test('keeps what was in a file of its own, and never overwrites one', async () => {
    const key = await keyWith(policy)
    const backup = join(folder, 'before.json')
    const args = ['access', 'apply', '--key', key, '--backup', backup]
    expect((await cli(admin, ...args)).code).toBe(0)
    expect(JSON.parse(readFileSync(backup, 'utf8'))).toEqual(policy)
    expect(statSync(backup).mode & 0o777).toBe(0o600)

    const root = clientOf('root')
    await root.send(
      new PutKeyPolicyCommand({ KeyId: key, Policy: JSON.stringify(policy) }),
    )
    root.destroy()
    const refused = await cli(admin, ...args)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('already exists')
    expect(await policyOf(admin, key)).toEqual(policy)
  })

  test('without a file it prints what was', async () => {
    const key = await keyWith(policy)
    const { stderr } = await cli(admin, 'access', 'apply', '--key', key)
    expect(stderr).toContain(JSON.stringify(policy))
  })

  test('locks nobody out who may change the policy now', async () => {
    const key = await keyWith(policy)
    const other = 'arn:aws:iam::000000000000:role/other'
    const ran = await cli(
      ...[admin, 'access', 'apply', '--key', key],
      ...['--admin', other],
    )
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('You would lock yourself out of the key.')
    expect(ran.stderr).toContain(`--admin ${admin}`)
    expect(await policyOf(admin, key)).toEqual(policy)
  })

  test('gives nobody a right that was only guessed', async () => {
    const intruder = 'arn:aws:iam::000000000000:role/intruder'
    const { Version, Statement } = strict()
    // Named as a user, but stopped by the Deny, and something else is wrong.
    const weak = Statement.filter(({ Sid }) => Sid !== 'NoLockout').map(
      (each) =>
        each.Sid === 'UsersSign'
          ? { ...each, Principal: { AWS: [...roles.users, intruder] } }
          : each,
    )
    const key = await keyWith({ Version, Statement: weak })
    const ran = await cli(admin, 'access', 'apply', '--key', key)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      `This change would let ${intruder} sign any transaction or message for the account, which it currently can't do.`,
    )
    expect(await policyOf(admin, key)).toEqual({ Version, Statement: weak })
  })

  test('keeps what narrows the strict policy further', async () => {
    const { Version, Statement } = strict()
    const vpce = { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }
    const narrow = {
      Sid: 'NarrowSigner',
      Effect: 'Allow',
      Principal: { AWS: signer },
      Action: 'kms:Sign',
      Resource: '*',
      Condition: {
        StringEquals: {
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': 'DIGEST',
          'aws:SourceVpce': 'vpce-1',
        },
      },
    }
    const noNight = {
      Sid: 'NoOtherVpce',
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:Sign',
      Resource: '*',
      Condition: { StringNotEquals: vpce.StringEquals },
    }
    const sign = Statement.find(({ Sid }) => Sid === 'UsersSign')
    const others = roles.users.filter((arn) => arn !== signer)
    const expected = [
      ...Statement.map((each) =>
        each === sign ? { ...each, Principal: { AWS: others[0] } } : each,
      ),
      narrow,
      noNight,
    ]
    const key = await keyWith({
      Version,
      Statement: [
        ...expected,
        {
          Sid: 'Backdoor',
          Effect: 'Allow',
          Principal: { AWS: signer },
          Action: 'kms:EnableKey',
          Resource: '*',
        },
      ],
    })
    const ran = await cli(admin, 'access', 'apply', '--key', key, ...flags)
    expect(ran.code).toBe(0)
    expect(await policyOf(admin, key)).toEqual({ Version, Statement: expected })
  })

  test('says that somebody else changed the policy meanwhile', async () => {
    const key = await keyWith(policy)
    const proxy = await startTamperingProxy(home.endpoint)
    let reads = 0
    proxy.tamper = ({ operation, body }) =>
      operation === 'GetKeyPolicy' && ++reads === 2
        ? { body: JSON.stringify({ Policy: '{}', PolicyName: 'default' }) }
        : { body }
    const ran = await runInProcess(
      ['access', 'apply', '--key', key],
      envOf(admin, proxy.endpoint),
    )
    await proxy.close()
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('docs/errors/policy-moved.md')
    expect(await policyOf(admin, key)).toEqual(policy)
  })

  test('waits until KMS answers with the new policy', async () => {
    const key = await keyWith(policy)
    const proxy = await startTamperingProxy(home.endpoint)
    let reads = 0
    proxy.tamper = ({ operation, body }) =>
      operation === 'GetKeyPolicy' && [3, 4].includes(++reads)
        ? {
            body: JSON.stringify({
              Policy: JSON.stringify(policy),
              PolicyName: 'default',
            }),
          }
        : { body }
    const ran = await runInProcess(
      ['access', 'apply', '--key', key],
      envOf(admin, proxy.endpoint),
    )
    await proxy.close()
    expect(ran).toMatchObject({ code: 0 })
    expect(reads).toBe(5)
  })
})

describe('grants', () => {
  const grant = {
    GrantId: 'a'.repeat(64),
    Name: 'left over',
    GranteePrincipal: 'arn:aws:iam::999999999999:role/x',
    Operations: ['Sign', 'GetPublicKey'],
    Constraints: {},
  }

  test('are told, and revoked before the policy forbids it', async () => {
    const { Version, Statement } = strict()
    const weak = Statement.filter(({ Sid }) => Sid !== 'OnlyUsersSign')
    const key = await keyWith({ Version, Statement: weak })
    const proxy = await startTamperingProxy(home.endpoint)
    const calls: string[] = []
    proxy.tamper = ({ operation, status, body }) => {
      calls.push(operation)
      if (operation === 'RevokeGrant') return { status: 200, body: '' }
      return operation === 'ListGrants'
        ? {
            body: JSON.stringify({
              Grants: calls.includes('RevokeGrant') ? [] : [grant],
              Truncated: false,
            }),
          }
        : { status, body }
    }
    const run = (...args: string[]) =>
      runInProcess([...args, '--key', key], envOf(admin, proxy.endpoint))
    const told = await run('access', 'check')
    expect(told.stdout).toContain(
      `HIGH    grant: The grant ${grant.GrantId} ("left over") lets arn:aws:iam::999999999999:role/x call kms:Sign and kms:GetPublicKey.`,
    )
    const applied = await run('access', 'apply', '--json')
    await proxy.close()
    expect(applied.code).toBe(0)
    expect(JSON.parse(applied.stdout)).toMatchObject({
      changed: true,
      revoked: [grant.GrantId],
      findings: [],
    })
    expect(calls.indexOf('RevokeGrant')).toBeLessThan(
      calls.indexOf('PutKeyPolicy'),
    )
  })

  test('that may not be listed are no "all is well"', async () => {
    const key = await keyWith(strict())
    const ran = await cli(deployer, 'access', 'check', '--key', key)
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain(
      'MEDIUM  grants-unread: You have no permission',
    )
  })
})

describe('a role that IAM does not know', () => {
  const xml = (arn: string) =>
    `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path><RoleName>x</RoleName><RoleId>AROAJQABLZS4A3QDU576Q</RoleId><Arn>${arn}</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>`
  const missing = {
    status: 404,
    body: '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name x cannot be found.</Message></Error></ErrorResponse>',
  }

  test('is told and taken out, for who may ask IAM', async () => {
    const old = 'arn:aws:iam::000000000000:role/old'
    const { Version, Statement } = strict()
    const both = (list: string[]) => [...list, old]
    const key = await keyWith({
      Version,
      Statement: Statement.map((each) =>
        each.Sid === 'UsersSign' || each.Sid === 'UsersLook'
          ? { ...each, Principal: { AWS: both([...roles.users]) } }
          : each.Sid === 'OnlyUsersSign'
            ? {
                ...each,
                Condition: {
                  ArnNotEquals: { 'aws:PrincipalArn': both([...roles.users]) },
                },
              }
            : each,
      ),
    })
    const proxy = await startTamperingProxy(home.endpoint)
    // In the order in which a policy's names are looked up: each is asked once.
    let known: string[] = []
    proxy.tamper = ({ operation, status, body }) => {
      if (operation === 'GetKeyPolicy') {
        const text = (JSON.parse(body) as { Policy: string }).Policy
        known = [
          ...new Set(text.match(/arn:aws:iam::\d+:role\/[\w/-]+/g) ?? []),
        ]
      }
      if (operation !== 'undefined' || body.includes('proof'))
        return { status, body }
      const arn = known.shift() ?? ''
      return arn === old ? missing : { status: 200, body: xml(arn) }
    }
    const run = (...args: string[]) =>
      runInProcess([...args, '--key', key], envOf(admin, proxy.endpoint))
    const told = await run('access', 'check')
    expect(told.stdout).toContain(
      `principal-gone: The policy names ${old}, which`,
    )
    expect(told.stdout.match(/principal-gone/g)).toHaveLength(1)
    const applied = await run('access', 'apply', '--json')
    await proxy.close()
    expect(JSON.parse(applied.stdout)).toMatchObject({ findings: [] })
    expect(await policyOf(admin, key)).toEqual(strict())
  })
})

test('show tells who may do what', async () => {
  const key = await keyWith(strict())
  const ran = await cli(admin, 'access', 'show', '--key', key)
  expect(ran.code).toBe(0)
  expect(ran.stdout).toBe(`the account's root
  may: change-policy
${admin} (administrator)
  may: change-policy, disable, enable, alias, tag, look
${roles.users[0]} (user)
  may: sign, look
${roles.users[1]} (user)
  may: sign, look
${roles.importers[0]} (importer)
  may: import, import-parameters, look
${roles.breakGlass[0]} (break-glass)
  may: delete, delete-material, disable, look
${deployer} (deployer)
  may: change-policy, alias, tag, look
`)
  const matrix = await cli(admin, 'access', 'show', '--key', key, '--matrix')
  const rows = matrix.stdout.split('\n')
  expect(rows[0]).toMatch(
    /^OPERATION +\[1\] +\[2\] +\[3\] +\[4\] +\[5\] +\[6\] +\[7\]$/,
  )
  expect(rows.find((row) => row.startsWith('sign'))).toMatch(
    /^sign +- +- +yes +yes +- +- +-$/,
  )
  expect(rows).toContain(`[2]  ${admin} (administrator)`)
})

test('what is no key for Ethereum, no key, or not to be read', async () => {
  const key = await keyWith(strict())
  const nobody = await cli(signer, 'access', 'check', '--key', key)
  expect(nobody).toMatchObject({ code: 1, stdout: '' })
  expect(nobody.stderr).toContain('kms:GetKeyPolicy')
  const root = clientOf('root')
  await root.send(
    new CreateAliasCommand({
      AliasName: 'alias/by-default',
      TargetKeyId: await keyWith({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: rootArn },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      }),
    }),
  )
  root.destroy()
  const byAlias = await cli(
    'root',
    'access',
    'check',
    '--key',
    'alias/by-default',
  )
  expect(byAlias.code).toBe(1)
  expect(byAlias.stdout).toContain('HIGH    sign: Every role and user')
  const wrong = await cli(
    ...[admin, 'access', 'check', '--key', key],
    ...['--user', admin, '--admin', admin],
  )
  expect(wrong.stderr).toContain('is in both users and administrators')
})
