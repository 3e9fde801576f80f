import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  accountId,
  operator,
  reader,
  region,
  serveAlone,
} from '../../../../test/support/serveAlone.js'
import { without } from '../../../../test/support/tools.js'
import { createSecretsManager } from './createSecretsManager.js'

const prefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`
let alone: Awaited<ReturnType<typeof serveAlone>>

beforeEach(async () => {
  alone = await serveAlone(createSecretsManager)
})
afterEach(() => alone.close())

const aws = (as: string, ...args: string[]) =>
  alone.aws(as, 'secretsmanager', ...args)

test.skipIf(without('aws'))(
  "Debian's aws keeps a secret, and reads what its policy lets it",
  async () => {
    const url = 'https://rpc.example/v3/key'
    const created = await aws(
      operator,
      ...['create-secret', '--name', 'rpc/url', '--secret-string', url],
    )
    expect(created).toEqual({
      ARN: expect.stringMatching(
        new RegExp(`^${prefix}rpc/url-[A-Za-z0-9]{6}$`),
      ),
      Name: 'rpc/url',
      VersionId: expect.any(String),
    })
    alone.letReader({
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: `${prefix}rpc/url-??????`,
    })
    await alone.restart()
    const partial = created.ARN.slice(0, -7)
    for (const id of ['rpc/url', created.ARN, partial])
      expect(await aws(reader, 'get-secret-value', '--secret-id', id)).toEqual({
        ARN: created.ARN,
        Name: 'rpc/url',
        VersionId: created.VersionId,
        SecretString: url,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: expect.anything(),
      })
    const put = ['put-secret-value', '--secret-id', 'rpc/url']
    expect(await aws(reader, ...put, '--secret-string', 'x')).toMatch(
      /\(AccessDeniedException\).* is not authorized to perform: secretsmanager:PutSecretValue on resource: /,
    )
    // A caller without permission doesn't learn that something is missing.
    expect(
      await aws(reader, 'get-secret-value', '--secret-id', 'other'),
    ).toMatch(/\(AccessDeniedException\)/)
    await aws(operator, ...put, '--secret-string', 'https://other.example')
    expect(
      await aws(reader, 'get-secret-value', '--secret-id', 'rpc/url'),
    ).toMatchObject({ SecretString: 'https://other.example' })
    const path = join(alone.folder, 'secretsmanager', 'secrets.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).not.toContain(url)
  },
  300_000,
)
