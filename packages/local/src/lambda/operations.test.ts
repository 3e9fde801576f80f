import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda'
import { expect, onTestFinished, test } from 'vitest'
import {
  accountId,
  arnOf,
  region,
  startLambda,
} from '../../../../test/support/startLambda.js'
import { createLambda } from './createLambda.js'

async function start(options?: Parameters<typeof startLambda>[0]) {
  const home = await startLambda(options)
  onTestFinished(() => home.close())
  return home
}
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ name, message }) => ({ name, message }),
  )
const code = (answer: string) =>
  `export const handler = async () => ${JSON.stringify(answer)}`

test.each([
  [
    { NODE_OPTIONS: '--allow-fs-read=* --enable-source-maps' },
    'NODE_OPTIONS --allow-fs-read=*',
  ],
  [
    { NODE_OPTIONS: '--allow_child_process' },
    'NODE_OPTIONS --allow_child_process',
  ],
  [
    { NODE_OPTIONS: '--require /tmp/a.js' },
    'NODE_OPTIONS --require, NODE_OPTIONS /tmp/a.js',
  ],
  [
    { NODE_OPTIONS: '--no-experimental-permission' },
    'NODE_OPTIONS --no-experimental-permission',
  ],
  [{ NODE_OPTIONS: '"--inspect"' }, 'NODE_OPTIONS "--inspect"'],
  [
    { LD_PRELOAD: '/tmp/a.so', OPENSSL_CONF: '/tmp/a' },
    'LD_PRELOAD, OPENSSL_CONF',
  ],
])('%j would open the sandbox, and is refused', async (environment, named) => {
  const home = await start()
  const error = await home
    .put('open', code('one'), { environment })
    .catch((error) => error)
  expect(error.message).toContain(`The local home refuses ${named}: `)
  await home.put('closed', code('one'), {
    environment: {
      NODE_OPTIONS:
        '--enable-source-maps --max-old-space-size=100 --no-warnings',
    },
  })
  expect((await home.invoke('closed')).payload).toBe('one')
})

test('nor do variables from before they were refused', async () => {
  const file = '/etc/hostname'
  const read = `import { readFileSync } from 'node:fs'
    export const handler = async () => {
      try { return readFileSync('${file}', 'utf8') } catch (error) { return error.code }
    }`
  const home = await start()
  await home.put('old', read)
  const kept = { NODE_OPTIONS: '--allow-fs-read=*', MODE: 'a' }
  const entry = home.lambda.snapshot('old')
  Object.assign(entry?.latest.environment ?? {}, kept)
  home.lambda.restore('old', entry)
  expect((await home.invoke('old')).payload).toBe('ERR_ACCESS_DENIED')
})

test('what becomes of failed events is told where it is set', async () => {
  const home = await start()
  await home.put('signer', code('one'), { maximumRetryAttempts: 0 })
  await home.put('plain', code('one'))
  home.lambda.putEventInvokeConfig('plain', 'live', 1)
  const get = (FunctionName: string, Qualifier?: string) =>
    home.client.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }),
    )
  expect(await get('signer')).toMatchObject({
    FunctionArn: `${arnOf('signer')}:$LATEST`,
    MaximumRetryAttempts: 0,
    LastModified: expect.any(Date),
  })
  expect(await get('plain', 'live')).toMatchObject({ MaximumRetryAttempts: 1 })
  expect(await errorOf(get('plain'))).toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test('a function is deleted, or a version that no alias names', async () => {
  const home = await start()
  await home.put('signer', code('one'))
  const first = home.lambda.publishVersion('signer')
  await home.put('signer', code('two'))
  home.lambda.publishVersion('signer')
  home.lambda.putAlias('signer', { name: 'live', functionVersion: '2' })
  const remove = (Qualifier?: string) =>
    home.client.send(
      new DeleteFunctionCommand({ FunctionName: 'signer', Qualifier }),
    )
  expect(await errorOf(remove('2'))).toMatchObject({
    name: 'ResourceConflictException',
  })
  for (const qualifier of ['live', '$LATEST'])
    expect(await errorOf(remove(qualifier))).toMatchObject({
      name: 'InvalidParameterValueException',
    })
  await remove(first.version)
  await remove()
  expect(home.lambda.listFunctions()).toEqual([])
})

test('a function is described as AWS describes it', async () => {
  const home = await start()
  await home.put('signer', code('one'), {
    environment: { KMS_KEY_ID: 'key' },
    logFormat: 'JSON',
    applicationLogLevel: 'WARN',
    memorySizeMb: 512,
    timeoutS: 30,
    description: 'signs',
    reservedConcurrency: 5,
  })
  const { $metadata: _, ...got } = await home.client.send(
    new GetFunctionCommand({ FunctionName: 'signer' }),
  )
  const { $metadata: __, ...configuration } = await home.client.send(
    new GetFunctionConfigurationCommand({ FunctionName: 'signer' }),
  )
  expect(configuration).toEqual({
    FunctionName: 'signer',
    FunctionArn: arnOf('signer'),
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::000000000000:role/signer',
    Handler: 'index.handler',
    CodeSize: code('one').length,
    Description: 'signs',
    Timeout: 30,
    MemorySize: 512,
    LastModified: expect.stringMatching(/^\d{4}-.*\+0000$/),
    CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    Version: '$LATEST',
    Environment: { Variables: { KMS_KEY_ID: 'key' } },
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: expect.stringMatching(
      /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    ),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: {
      LogFormat: 'JSON',
      ApplicationLogLevel: 'WARN',
      SystemLogLevel: 'INFO',
      LogGroup: '/aws/lambda/signer',
    },
  })
  expect(got).toEqual({
    Configuration: configuration,
    Code: { RepositoryType: 'S3' },
    Concurrency: { ReservedConcurrentExecutions: 5 },
  })
  expect(home.asked.map(({ action, resource }) => [action, resource])).toEqual([
    ['lambda:GetFunction', arnOf('signer')],
    ['lambda:GetFunctionConfiguration', arnOf('signer')],
  ])
})

test('functions are listed in pages', async () => {
  const home = await start()
  for (const name of ['c', 'a', 'b']) await home.put(name, code(name))
  const names: unknown[] = []
  let Marker: string | undefined
  do {
    const page = await home.client.send(
      new ListFunctionsCommand({ MaxItems: 2, Marker }),
    )
    names.push(page.Functions?.map(({ FunctionName }) => FunctionName))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  expect(names).toEqual([['a', 'b'], ['c']])
  expect(home.lambda.listFunctions().map(({ arn }) => arn)).toEqual(
    ['a', 'b', 'c'].map(arnOf),
  )
})

test('a version keeps its code, and an alias moves between versions', async () => {
  const home = await start()
  const FunctionName = 'moving'
  const publish = () =>
    home.client.send(new PublishVersionCommand({ FunctionName }))
  await home.put(FunctionName, code('one'))
  expect((await publish()).Version).toBe('1')
  expect((await publish()).Version).toBe('1')
  await home.client.send(
    new CreateAliasCommand({
      FunctionName,
      Name: 'live',
      FunctionVersion: '1',
    }),
  )
  await home.put(FunctionName, code('two'))
  expect((await publish()).FunctionArn).toBe(arnOf('moving:2'))
  const run = async () => [
    (await home.invoke('moving')).payload,
    (await home.invoke('moving:1')).payload,
    (await home.invoke('moving:live')).payload,
  ]
  expect(await run()).toEqual(['two', 'one', 'one'])
  const { $metadata: _, ...updated } = await home.client.send(
    new UpdateAliasCommand({
      FunctionName,
      Name: 'live',
      FunctionVersion: '2',
    }),
  )
  expect(updated).toEqual({
    AliasArn: arnOf('moving:live'),
    Name: 'live',
    FunctionVersion: '2',
    Description: '',
    RevisionId: expect.any(String),
  })
  expect(await run()).toEqual(['two', 'one', 'two'])
  const { $metadata: __, ...got } = await home.client.send(
    new GetAliasCommand({ FunctionName, Name: 'live' }),
  )
  expect(got).toEqual(updated)
  const { Aliases } = await home.client.send(
    new ListAliasesCommand({ FunctionName }),
  )
  expect(Aliases).toEqual([updated])
  const { Versions } = await home.client.send(
    new ListVersionsByFunctionCommand({ FunctionName }),
  )
  expect(Versions?.map((each) => [each.Version, each.FunctionArn])).toEqual([
    ['$LATEST', arnOf('moving:$LATEST')],
    ['1', arnOf('moving:1')],
    ['2', arnOf('moving:2')],
  ])
  await home.client.send(new DeleteAliasCommand({ FunctionName, Name: 'live' }))
  expect(await errorOf(home.invoke('moving:live'))).toEqual({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arnOf('moving:live')}`,
  })
})

test('wrong aliases and versions are named', async () => {
  const home = await start()
  const FunctionName = 'wrong'
  await home.put(FunctionName, code('one'))
  const create = (Name: string, FunctionVersion: string, more = {}) =>
    errorOf(
      home.client.send(
        new CreateAliasCommand({
          FunctionName,
          Name,
          FunctionVersion,
          ...more,
        }),
      ),
    )
  expect(await create('live', '9')).toEqual({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arnOf('wrong:9')}`,
  })
  expect((await create('12', '$LATEST'))?.name).toBe('ValidationException')
  expect(await create('live', '$LATEST')).toBe(undefined)
  expect(await create('live', '$LATEST')).toEqual({
    name: 'ResourceConflictException',
    message: `Alias already exists: ${arnOf('wrong:live')}`,
  })
  expect(
    await create('half', '$LATEST', {
      RoutingConfig: { AdditionalVersionWeights: { '1': 0.5 } },
    }),
  ).toEqual({
    name: 'InvalidParameterValueException',
    message:
      "The local Lambda doesn't support weighted aliases. Leave " +
      'RoutingConfig out.',
  })
  expect(
    await errorOf(
      home.client.send(new GetAliasCommand({ FunctionName, Name: 'none' })),
    ),
  ).toEqual({
    name: 'ResourceNotFoundException',
    message: `Cannot find alias arn: ${arnOf('wrong:none')}`,
  })
  const stale = new PublishVersionCommand({ FunctionName, RevisionId: 'x' })
  expect((await errorOf(home.client.send(stale)))?.name).toBe(
    'PreconditionFailedException',
  )
})

test('operations that are not here say so', async () => {
  const home = await start()
  const create = new CreateFunctionCommand({
    FunctionName: 'x',
    Role: 'arn:aws:iam::000000000000:role/x',
    Code: { ZipFile: new Uint8Array() },
  })
  expect(await errorOf(home.client.send(create))).toEqual({
    name: 'UnsupportedOperationException',
    message: expect.stringMatching(
      /^The local Lambda has no operation POST \/2015-03-31\/functions\. It has: ListFunctions, /,
    ),
  })
})

test('functions, versions and aliases are there after a restart', async () => {
  const home = await start()
  await home.put('kept', code('one'))
  home.lambda.publishVersion('kept')
  home.lambda.putAlias('kept', { name: 'live', functionVersion: '1' })
  const before = home.lambda.listFunctions()
  const again = createLambda({
    dataDir: join(home.folder, 'data'),
    accountId,
    region,
    authorize: () => undefined,
    endpoint: () => 'http://127.0.0.1:1',
    issueCredentials: () => ({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
    }),
    now: Date.now,
  })
  onTestFinished(() => again.close())
  expect(again.listFunctions()).toEqual(before)
  const answer = await again.handle({
    method: 'POST',
    path: '/2015-03-31/functions/kept%3Alive/invocations',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from('{}'),
    requestId: 'id',
    principal: { arn: 'arn:aws:iam::000000000000:root', account: accountId },
  })
  expect(String(answer.body)).toBe('"one"')
})

test('a state file of another format is not guessed at', async () => {
  const home = await start()
  await home.put('x', code('one'))
  const dataDir = join(home.folder, 'data')
  const file = join(dataDir, 'lambda', 'functions.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"format": 1', '"format": 2'))
  expect(() => createLambda({ dataDir } as never)).toThrow(
    `${file} has format 2, but this version of Keyward reads format 1. Use the version that wrote the file, or start again with --reset.`,
  )
})

test.each([
  [
    { memorySizeMb: 64 },
    'Memory size of f is 64. It must be a whole number from 128 to 10240.',
  ],
  [
    { timeoutS: 901 },
    'Timeout of f is 901. It must be a whole number from 1 to 900.',
  ],
  [{ roleArn: 'admin' }, 'The role of f is "admin", not the ARN of a role.'],
  [
    { environment: { AWS_REGION: 'x', A1: 'y' } },
    /Reserved keys used in this request: AWS_REGION$/,
  ],
  [{ environment: { '1A': 'x' } }, /^Lambda does not accept "1A" as the name/],
  [{ environment: { BIG: 'x'.repeat(4097) } }, /exceeded the 4KB limit/],
  [{ name: 'a b' }, /^Function name "a b" must have 1 to 64 letters/],
])('a definition with %j is refused', async (more, message) => {
  const home = await start()
  await expect(home.put('f', code('x'), more)).rejects.toThrow(message)
  expect(home.lambda.listFunctions()).toEqual([])
})

test('a deleted function is gone', async () => {
  const home = await start()
  await home.put('gone', code('x'))
  await home.invoke('gone')
  home.lambda.deleteFunction('gone')
  expect(await errorOf(home.invoke('gone'))).toEqual({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arnOf('gone')}`,
  })
})

test('concurrency 0 stops a function, through changes of it, until it is taken away', async () => {
  const home = await start()
  await home.put('signer', code('one'))
  const FunctionName = 'signer'
  const invoke = async () => {
    const { Payload } = await home.client.send(
      new InvokeCommand({ FunctionName }),
    )
    return Payload?.transformToString()
  }
  const put = (ReservedConcurrentExecutions: number, name = FunctionName) =>
    home.client.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: name,
        ReservedConcurrentExecutions,
      }),
    )
  const get = async () =>
    (
      await home.client.send(
        new GetFunctionConcurrencyCommand({ FunctionName }),
      )
    ).ReservedConcurrentExecutions
  expect(await get()).toBe(undefined)
  await put(0)
  expect(await get()).toBe(0)
  expect(await errorOf(invoke())).toEqual({
    name: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
  })
  await home.put('signer', code('two'), { reservedConcurrency: 'kept' })
  expect(await get()).toBe(0)
  expect(await errorOf(put(901))).toEqual({
    name: 'InvalidParameterValueException',
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  })
  expect(await errorOf(put(0, 'signer:1'))).toMatchObject({
    name: 'InvalidParameterValueException',
  })
  expect(await errorOf(put(0, 'nobody'))).toMatchObject({
    name: 'ResourceNotFoundException',
  })
  await home.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
  expect(await get()).toBe(undefined)
  expect(await invoke()).toBe('"two"')
})

test('a new account with a quota of 10: stopping works, reserving does not', async () => {
  const home = await start({ accountLimit: 10 })
  await home.put('signer', code('one'))
  const put = (ReservedConcurrentExecutions: number) =>
    home.client.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: 'signer',
        ReservedConcurrentExecutions,
      }),
    )
  const refused = {
    name: 'InvalidParameterValueException',
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
  }
  expect(await errorOf(put(1))).toEqual(refused)
  // As CloudFormation creates one.
  expect(
    await errorOf(home.put('other', code('two'), { reservedConcurrency: 1 })),
  ).toMatchObject({ message: refused.message })
  await put(0)
  await home.client.send(
    new DeleteFunctionConcurrencyCommand({ FunctionName: 'signer' }),
  )
  const { AccountLimit, AccountUsage } = await home.client.send(
    new GetAccountSettingsCommand({}),
  )
  expect(AccountLimit).toMatchObject({
    ConcurrentExecutions: 10,
    UnreservedConcurrentExecutions: 10,
  })
  expect(AccountUsage).toMatchObject({ FunctionCount: 1 })
})
