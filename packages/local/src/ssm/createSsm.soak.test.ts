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
import { createSsm } from './createSsm.js'

const prefix = `arn:aws:ssm:${region}:${accountId}:parameter`
const fixed = '/cdk-bootstrap/hnb659fds/version'
let alone: Awaited<ReturnType<typeof serveAlone>>

beforeEach(async () => {
  alone = await serveAlone((shared) =>
    createSsm({ ...shared, fixed: new Map([[fixed, '33']]) }),
  )
})
afterEach(() => alone.close())

const aws = (as: string, ...args: string[]) => alone.aws(as, 'ssm', ...args)

test.skipIf(without('aws'))(
  "Debian's aws puts parameters, and reads what its policy lets it",
  async () => {
    const url = 'https://rpc.example/v3/key'
    const put = (value: string, ...more: string[]) =>
      aws(
        operator,
        ...['put-parameter', '--name', '/rpc/url', '--value', value],
        ...more,
      )
    expect(await put('x')).toMatch(
      /\(ValidationException\).*: A parameter type is required when you create a parameter\.$/,
    )
    expect(await put(url, '--type', 'SecureString')).toEqual({
      Version: 1,
      Tier: 'Standard',
    })
    expect(await put('x', '--type', 'SecureString')).toMatch(
      /\(ParameterAlreadyExists\).*: The parameter already exists\. To overwrite this value, set the overwrite option in the request to true\.$/,
    )
    expect(await put('https://other.example', '--overwrite')).toEqual({
      Version: 2,
      Tier: 'Standard',
    })
    alone.letReader({
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: `${prefix}/rpc/url`,
    })
    await alone.restart()
    const get = (name: string, ...more: string[]) =>
      aws(reader, 'get-parameter', '--name', name, ...more)
    const newest = {
      Name: '/rpc/url',
      Type: 'SecureString',
      Value: 'https://other.example',
      Version: 2,
      LastModifiedDate: expect.anything(),
      ARN: `${prefix}/rpc/url`,
      DataType: 'text',
    }
    for (const name of ['/rpc/url', `${prefix}/rpc/url`])
      expect(await get(name, '--with-decryption')).toEqual({
        Parameter: newest,
      })
    expect(await get('/rpc/url:1', '--with-decryption')).toEqual({
      Parameter: { ...newest, Value: url, Version: 1, Selector: ':1' },
    })
    const { Parameter: sealed } = await get('/rpc/url')
    expect(sealed).toMatchObject({ Type: 'SecureString', Version: 2 })
    expect(Buffer.from(sealed.Value, 'base64').length).toBeGreaterThan(100)
    // A caller without permission doesn't learn that something is missing.
    expect(await get('/other')).toMatch(
      /\(AccessDeniedException\).* is not authorized to perform: ssm:GetParameter on resource: /,
    )
    const path = join(alone.folder, 'ssm', 'parameters.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(
      await aws(operator, 'delete-parameter', '--name', '/rpc/url'),
    ).toBeUndefined()
    expect(readFileSync(path, 'utf8')).not.toContain(url)
    expect(await get('/rpc/url')).toMatch(/\(ParameterNotFound\)/)
  },
  300_000,
)
