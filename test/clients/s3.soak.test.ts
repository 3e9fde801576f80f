import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createLocalHome,
  type LocalHome,
} from '../../packages/local/src/index.js'
import { run } from '../support/runCli.js'
import { toolPath, without } from '../support/tools.js'

// S3, STS, CloudFormation, SSM and CloudWatch Logs of the local home, by Debian's
// aws.

const bucket = 'cdk-hnb659fds-assets-000000000000-us-east-1'
let folder = ''
let home: LocalHome
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward s3 '))
  home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: false,
  })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

// A call takes half a second, most of it Python's start: few of them.
describe.skipIf(without('aws'))('Debian aws', () => {
  const aws = async (...args: string[]) => {
    const { accessKeyId, secretAccessKey } = home.credentials('operator')
    const ran = await run(
      toolPath('aws'),
      ['--endpoint-url', home.endpoint, '--region', 'us-east-1', ...args],
      {
        cwd: folder,
        env: {
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_PAGER: '',
          HOME: folder,
        },
      },
    )
    return ran.code === 0 ? ran.stdout : ran.stderr
  }

  test('copies, lists and removes a file in parts', async () => {
    const content = Buffer.alloc(9 * 1024 * 1024, 'keyward ')
    await writeFile(join(folder, 'large'), content)
    const url = `s3://${bucket}/dir/large`
    await aws('s3', 'cp', 'large', url)
    expect(await aws('s3', 'ls', `s3://${bucket}/dir/`)).toMatch(
      /9437184 large\n$/,
    )
    await aws('s3', 'cp', url, 'back')
    expect((await readFile(join(folder, 'back'))).equals(content)).toBe(true)
    await aws('s3', 'rm', url)
    expect(
      await aws(
        's3api',
        'head-object',
        '--bucket',
        bucket,
        '--key',
        'dir/large',
      ),
    ).toContain(
      'An error occurred (404) when calling the HeadObject operation: Not Found',
    )
  })

  test('is told the Region as S3, STS and Logs tell it', async () => {
    const other = (...args: string[]) => aws(...args, '--region', 'eu-west-1')
    expect(await other('s3', 'ls')).toContain(
      "(AuthorizationHeaderMalformed) when calling the ListBuckets operation: The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
    )
    expect(await other('sts', 'get-caller-identity')).toContain(
      "(SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Credential should be scoped to a valid region, not 'eu-west-1'.",
    )
    expect(await other('logs', 'describe-log-groups')).toContain(
      "(InvalidSignatureException) when calling the DescribeLogGroups operation: Credential should be scoped to a valid region, not 'eu-west-1'.",
    )
  })

  test('is told what there is not', async () => {
    expect(
      await aws('logs', 'filter-log-events', '--log-group-name', 'none'),
    ).toContain(
      '(ResourceNotFoundException) when calling the FilterLogEvents operation: The specified log group does not exist.',
    )
    expect(
      await aws('cloudformation', 'describe-stacks', '--stack-name', 'none'),
    ).toContain(
      '(ValidationError) when calling the DescribeStacks operation: Stack with id none does not exist',
    )
    expect(await aws('sts', 'get-session-token')).toContain(
      '(InvalidAction) when calling the GetSessionToken operation: Could not find operation GetSessionToken for version 2011-06-15',
    )
    expect(await aws('ssm', 'get-parameter', '--name', '/none')).toContain(
      '(ParameterNotFound) when calling the GetParameter operation',
    )
  })
})
