import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { findTool } from '../../../scripts/setup/tools.mjs'
import {
  KeywardStack,
  type KeywardStackProps,
  MultisigStack,
  type MultisigStackProps,
} from './index.js'

// The checkers take half a minute of CPU time for all variants;
// compliance.test.ts runs them on one stack that has most features.
const soak = process.env.KEYWARD_SOAK === '1'
if (!soak) process.env.CDK_VALIDATION = 'false'
const cfnLint = findTool('cfn-lint')
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'keyward-variants-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const policy = join(folder, 'policy.json')
writeFileSync(
  policy,
  JSON.stringify({ version: 1, rules: [{ id: 'a', windows: ['day'] }] }),
)

const account = '123456789012'
type Place = { partition: string; region: string }
const home: Place = { partition: 'aws', region: 'eu-central-1' }
const address = `0x${'ab'.repeat(20)}`

const arnIn =
  ({ partition, region }: Place) =>
  (service: string, rest: string) =>
    service === 'iam'
      ? `arn:${partition}:iam::${account}:role/${rest}`
      : `arn:${partition}:${service}:${region}:${account}:${rest}`

/** The longest possible names, so that sizes are the worst case. */
const long = (name: string, length: number) =>
  name + 'x'.repeat(length - name.length)

type Variant = [
  name: string,
  props: (arn: ReturnType<typeof arnIn>) => Record<string, unknown>,
  place?: Place,
]

const callers = (
  count: number,
  arn: ReturnType<typeof arnIn>,
): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      long(`c${n}-`, 64),
      arn('iam', long(`caller-${n}-`, 64)),
    ]),
  )
const sends = (arn: ReturnType<typeof arnIn>) => ({
  rpcUrl: arn('secretsmanager', 'secret:rpc-AbCdEf'),
})
const key = '11111111-2222-3333-4444-555555555555'
const alarmed = (arn: ReturnType<typeof arnIn>) => ({
  alarmTopicArn: arn('sns', 'alarms'),
})

const variants: readonly Variant[] = [
  ['no callers', () => ({})],
  ['one caller', (arn) => ({ invokers: callers(1, arn) })],
  ['fifteen callers', (arn) => ({ invokers: callers(15, arn), ...sends(arn) })],
  [
    'origin EXTERNAL',
    (arn) => ({
      origin: 'EXTERNAL',
      address,
      importers: [arn('iam', 'importer')],
    }),
  ],
  [
    'a key and a table that exist',
    (arn) => ({
      administrators: undefined,
      breakGlass: undefined,
      existingKeyArn: arn('kms', `key/${key}`),
      existingLedgerTable: 'ledger',
      address,
      ...sends(arn),
    }),
  ],
  [
    'a network',
    (arn) => ({
      subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
      securityGroupIds: ['sg-0a1b2c3d'],
      kmsVpcEndpointId: 'vpce-0a1b2c3d',
      ...sends(arn),
    }),
  ],
  [
    'FIPS',
    (arn) => ({ fips: true, ...sends(arn) }),
    // DynamoDB has no FIPS host in Europe.
    { partition: 'aws', region: 'us-east-1' },
  ],
  ['FIPS of signers alone', () => ({ fips: true })],
  ['alarms', (arn) => ({ ...alarmed(arn), ...sends(arn) })],
  ['alarms of signers alone', (arn) => alarmed(arn)],
  [
    'a webhook and a relay',
    (arn) => ({
      ...sends(arn),
      sendRpcUrl: arn('ssm', 'parameter/relay'),
      webhookUrl: 'https://example.com/hook',
      webhookSecretArn: arn('secretsmanager', 'secret:hook'),
      ...alarmed(arn),
    }),
  ],
  [
    'Managed Blockchain',
    (arn) => ({
      ...sends(arn),
      rpcAuth: 'sigv4',
      managedBlockchain: true,
    }),
    // Its Region.
    { partition: 'aws', region: 'us-east-1' },
  ],
  [
    'a policy with windows',
    (arn) => ({ policy, ...sends(arn), ...alarmed(arn) }),
  ],
  [
    'signers alone with windows that were counted before',
    () => ({ policy, existingGuardTable: 'guard' }),
  ],
  ['no signers', (arn) => ({ signers: false, ...sends(arn) })],
  [
    "keys of one's own",
    (arn) => ({
      ...sends(arn),
      policy,
      guardKeyArn: arn('kms', `key/${key}`),
      ledgerKeyArn: arn('kms', `key/${key}`),
      secretKeyArns: [arn('kms', `key/${key}`)],
    }),
  ],
  [
    'GovCloud',
    (arn) => ({ fips: true, ...sends(arn), ...alarmed(arn) }),
    {
      partition: 'aws-us-gov',
      region: 'us-gov-west-1',
    },
  ],
  [
    'China',
    (arn) => ({ ...sends(arn), ...alarmed(arn) }),
    {
      partition: 'aws-cn',
      region: 'cn-north-1',
    },
  ],
  [
    'the Sovereign Cloud',
    (arn) => ({ ...sends(arn), ...alarmed(arn) }),
    {
      partition: 'aws-eusc',
      region: 'eusc-de-east-1',
    },
  ],
]

/** The longest possible safe file. */
const file = JSON.stringify({
  ...{ version: 1, chainId: 11155111, safe: address },
  pins: { owners: Array.from({ length: 50 }, () => address) },
})
const owner = (number: number, arn: ReturnType<typeof arnIn>) => ({
  approvers: { [`owner-${number}`]: arn('iam', long(`owner-${number}-`, 64)) },
})

const multisigs: readonly Variant[] = [
  [
    'a multisig of five',
    (arn) => ({
      ...{ ...sends(arn), ...alarmed(arn), safe: file },
      owners: [1, 2, 3, 4, 5].map((number) => ({
        ...owner(number, arn),
        ...(number === 1 && { policy }),
      })),
      proposers: callers(15, arn),
    }),
  ],
  [
    'an owner alone, in a network',
    (arn) => ({
      ...{ ...sends(arn), ...alarmed(arn), safe: file, coordinator: false },
      owners: [owner(1, arn)],
      subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
      securityGroupIds: ['sg-0a1b2c3d'],
    }),
  ],
]
const all = [...variants, ...multisigs]

type Resource = {
  Type: string
  // biome-ignore lint/suspicious/noExplicitAny: a template has any shape.
  Properties: any
}

/** The length of JSON, with the longest possible references. */
const sizeOf = (value: unknown) =>
  Buffer.byteLength(JSON.stringify(asDeployed(value)))

/** With values known only at deployment filled in. */
function asDeployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asDeployed)
  if (typeof value !== 'object' || value === null) return value
  const {
    'Fn::Join': join,
    'Fn::Sub': sub,
    ...rest
  } = value as Record<string, unknown>
  if (join) {
    const [by, parts] = join as [string, unknown[]]
    return parts.map(asDeployed).join(by)
  }
  if (sub) return String(sub).replace(/\$\{[^}]*\}/g, 'x'.repeat(14))
  // A role's ARN with a 64-character name is no longer than this.
  if ('Ref' in rest || 'Fn::GetAtt' in rest) return 'x'.repeat(100)
  return Object.fromEntries(
    Object.entries(rest).map(([name, each]) => [name, asDeployed(each)]),
  )
}

await ensureBuilt()
const outdir = join(folder, 'out')
const app = new App({ outdir })
const stacks = all.map(([, props, place = home], index) => {
  const arn = arnIn(place)
  const Stack = index < variants.length ? KeywardStack : MultisigStack
  return new Stack(app, long(`v${index}-`, 49), {
    env: { account, region: place.region },
    network: 'sepolia',
    administrators: [arn('iam', long('admin-', 64))],
    breakGlass: [arn('iam', long('break-glass-', 64))],
    analyticsReporting: false,
    ...props(arn),
  } as unknown as KeywardStackProps & MultisigStackProps)
})
if (soak)
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app) as never,
    new CfnGuardValidator() as never,
  )
let problem = ''
try {
  app.synth()
} catch (error) {
  problem = String(error)
}

test.runIf(soak)('AwsSolutions and Control Tower find nothing', () => {
  const path = join(outdir, 'validation-report.json')
  const { pluginReports } = JSON.parse(readFileSync(path, 'utf8')) as {
    pluginReports: { violations: { ruleName: string }[] }[]
  }
  // A checker without findings may have no report. compliance.test.ts shows
  // that they do find problems.
  expect(
    pluginReports.flatMap(({ violations }) =>
      violations.map(({ ruleName }) => ruleName),
    ),
  ).toEqual([])
  expect(problem).toBe('')
})

test.runIf(soak && cfnLint !== undefined)(
  'cfn-lint finds nothing',
  async () => {
    // W3005: a DependsOn that a GetAtt already implies, which CDK writes.
    const { stdout } = await run(cfnLint ?? '', [
      '--ignore-checks',
      'W3005',
      '--',
      // It doesn't know the Sovereign Cloud's ARNs.
      ...stacks
        .filter((_, index) => all[index]?.[2]?.partition !== 'aws-eusc')
        .map(({ stackName }) => join(outdir, `${stackName}.template.json`)),
      // Its output has the findings, and its exit code shows that there are
      // some.
    ]).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  },
  600_000,
)

describe.each(
  all.map(([name, , place = home], n) => [name, place, n] as const),
)('%s', (_, { partition }, index) => {
  const text = () =>
    readFileSync(
      join(outdir, `${stacks[index]?.stackName}.template.json`),
      'utf8',
    )
  const resources = () =>
    Object.values(JSON.parse(text()).Resources as Record<string, Resource>)
  const of = (type: string) =>
    resources()
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties)

  test("stays within AWS's limits", () => {
    expect(text().length).toBeLessThan(1_000_000)
    expect(resources().length).toBeLessThan(500)
    const { Outputs = {} } = JSON.parse(text())
    expect(Object.keys(Outputs).length).toBeLessThanOrEqual(200)
    for (const { KeyPolicy } of of('AWS::KMS::Key'))
      expect(sizeOf(KeyPolicy)).toBeLessThan(32_768)
    for (const { PolicyDocument } of of('AWS::IAM::Policy'))
      expect(sizeOf(PolicyDocument)).toBeLessThan(10_240)
    for (const { Replicas } of of('AWS::DynamoDB::GlobalTable'))
      expect(sizeOf(Replicas[0].ResourcePolicy)).toBeLessThan(20_480)
    for (const { FunctionName, Environment } of of('AWS::Lambda::Function')) {
      expect(FunctionName.length).toBeLessThanOrEqual(64)
      expect(sizeOf(Environment.Variables)).toBeLessThan(4096)
    }
    for (const { RoleName } of of('AWS::IAM::Role'))
      expect(RoleName.length).toBeLessThanOrEqual(64)
    for (const { EventPattern = {} } of of('AWS::Events::Rule'))
      expect(sizeOf(EventPattern)).toBeLessThan(2048)
    // Each permission is a statement of some 400 bytes in its alias's policy.
    const perAlias = new Map<string, number>()
    for (const { FunctionName } of of('AWS::Lambda::Permission')) {
      const name = JSON.stringify(FunctionName)
      perAlias.set(name, (perAlias.get(name) ?? 0) + 400)
    }
    for (const size of perAlias.values()) expect(size).toBeLessThan(20_480)
  })

  test('contains nothing of another partition', () => {
    const others = [...text().matchAll(/arn:(aws[a-z-]*):/g)]
      .map(([, found]) => found)
      .filter((found) => found !== partition)
    expect(others).toEqual([])
  })
})
