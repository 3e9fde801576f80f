import { InvokeCommand } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arnOf, startLambda } from '../../../../test/support/startLambda.js'

let home: Awaited<ReturnType<typeof startLambda>>
beforeAll(async () => {
  home = await startLambda({ eventRetryDelaysMs: [0, 0] })
  await home.put(
    'echo',
    `export const handler = async (event, context) => {
       console.log('got', event)
       return { event, context: { ...context, remaining: context.getRemainingTimeInMillis() } }
     }`,
    { timeoutS: 7, memorySizeMb: 256 },
  )
  home.lambda.publishVersion('echo')
  home.lambda.putAlias('echo', { name: 'live', functionVersion: '1' })
})
afterAll(() => home.close())

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ name, message, $metadata }) => ({
      name,
      message,
      status: $metadata.httpStatusCode,
    }),
  )

test('a function gets the event and the context of Lambda', async () => {
  const event = { text: 'ä€😀', list: [1, null, { deep: true }] }
  const answer = await home.invoke('echo', event)
  expect(answer).toEqual({
    status: 200,
    error: undefined,
    version: '$LATEST',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    log: '',
    payload: {
      event,
      context: {
        callbackWaitsForEmptyEventLoop: true,
        functionName: 'echo',
        functionVersion: '$LATEST',
        memoryLimitInMB: '256',
        logGroupName: '/aws/lambda/echo',
        logStreamName: expect.stringMatching(
          /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/,
        ),
        invokedFunctionArn: arnOf('echo'),
        awsRequestId: answer.requestId,
        remaining: expect.any(Number),
      },
    },
  })
  expect(answer.payload.context.remaining).toBeGreaterThan(6000)
  expect(answer.payload.context.remaining).toBeLessThanOrEqual(7000)
})

test.each([
  ['echo', undefined, arnOf('echo'), '$LATEST'],
  ['echo', '$LATEST', arnOf('echo:$LATEST'), '$LATEST'],
  ['echo:1', undefined, arnOf('echo:1'), '1'],
  ['echo', '1', arnOf('echo:1'), '1'],
  ['echo:live', 'live', arnOf('echo:live'), '1'],
  ['000000000000:function:echo', undefined, arnOf('echo'), '$LATEST'],
  ['000000000000:function:echo:live', undefined, arnOf('echo:live'), '1'],
  [arnOf('echo'), 'live', arnOf('echo:live'), '1'],
  [arnOf('echo:1'), undefined, arnOf('echo:1'), '1'],
])('%s with qualifier %s runs as %s', async (name, Qualifier, arn, version) => {
  home.asked.length = 0
  const answer = await home.invoke(name, {}, { Qualifier })
  const { invokedFunctionArn, functionVersion } = answer.payload.context
  expect([invokedFunctionArn, functionVersion, answer.version]).toEqual([
    arn,
    version,
    version,
  ])
  expect(home.asked).toEqual([
    {
      principal: {
        arn: 'arn:aws:iam::000000000000:user/operator',
        account: '000000000000',
      },
      action: 'lambda:InvokeFunction',
      resource: arn,
    },
  ])
})

test.each([
  ['missing', arnOf('missing')],
  ['echo:2', arnOf('echo:2')],
  ['echo:other', arnOf('echo:other')],
  [
    '111111111111:function:echo',
    'arn:aws:lambda:us-east-1:111111111111:function:echo',
  ],
])('%s is not found', async (name, arn) => {
  expect(await errorOf(home.invoke(name))).toEqual({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arn}`,
    status: 404,
  })
})

test('a region and a second qualifier that differ are errors', async () => {
  const elsewhere = arnOf('echo').replace('us-east-1', 'eu-west-1')
  expect(await errorOf(home.invoke(elsewhere))).toEqual({
    name: 'ResourceNotFoundException',
    message:
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    status: 404,
  })
  expect(
    await errorOf(home.invoke('echo:1', {}, { Qualifier: 'live' })),
  ).toEqual({
    name: 'InvalidParameterValueException',
    message:
      'The derived qualifier from the function name does not match the specified qualifier.',
    status: 400,
  })
})

const send = (Payload: Uint8Array | string | undefined) =>
  home.client.send(
    new InvokeCommand({
      FunctionName: 'echo',
      ...(Payload === undefined ? {} : { Payload }),
    }),
  )

test('no payload is an empty object', async () => {
  const { Payload } = await send(undefined)
  expect(JSON.parse(Payload!.transformToString()).event).toEqual({})
})

test.each([
  ['half an object', '{"secret":"0xdeadbeef'],
  ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ['a byte order mark', '\ufeff{}'],
  ['two values', '{} {}'],
])('%s is refused and not repeated', async (_, payload) => {
  const error = await errorOf(send(payload))
  expect(error).toEqual({
    name: 'InvalidRequestContentException',
    message: expect.stringMatching(
      /^Could not parse request body into json: Could not parse payload into json: (Unexpected character or end of input|Invalid UTF-8)$/,
    ),
    status: 400,
  })
})

test('6 MiB are taken, one byte more is not', async () => {
  await home.put('size', 'export const handler = async (e) => e.length')
  const string = (bytes: number) => 'x'.repeat(bytes - 2)
  const limit = 6 * 1024 * 1024
  expect((await home.invoke('size', string(limit))).payload).toBe(limit - 2)
  expect(await errorOf(home.invoke('size', string(limit + 1)))).toEqual({
    name: 'RequestEntityTooLargeException',
    message:
      'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    status: 413,
  })
  const event = home.invoke('size', string(1024 * 1024 + 1), {
    InvocationType: 'Event',
  })
  expect(await errorOf(event)).toEqual({
    name: 'RequestEntityTooLargeException',
    message:
      '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    status: 413,
  })
})

test('DryRun asks and checks, and runs nothing', async () => {
  await home.put('dry', 'export const handler = async () => 1')
  home.asked.length = 0
  const answer = await home.invoke('dry', {}, { InvocationType: 'DryRun' })
  expect([answer.status, answer.payload]).toEqual([204, undefined])
  expect(home.asked.map(({ action }) => action)).toEqual([
    'lambda:InvokeFunction',
  ])
  expect(home.logged.filter((l) => l.functionName === 'dry')).toEqual([])
})

test('an event is answered at once and repeated twice when it fails', async () => {
  await home.put('event', 'export const handler = async () => { throw 1 }')
  const reports = () =>
    home.logged.filter(
      ({ functionName, line }) =>
        functionName === 'event' && line.startsWith('REPORT'),
    )
  const answer = await home.invoke('event', {}, { InvocationType: 'Event' })
  expect([answer.status, answer.payload]).toEqual([202, undefined])
  await expect.poll(() => reports().length, { timeout: 20_000 }).toBe(3)
  for (const { line } of reports()) expect(line).toContain(answer.requestId)
})

test('the client context arrives, whatever letters it has', async () => {
  const custom = { caller: 'ä€😀', n: 1 }
  const ClientContext = Buffer.from(JSON.stringify({ custom })).toString(
    'base64',
  )
  const answer = await home.invoke('echo', {}, { ClientContext })
  expect(answer.payload.context.clientContext).toEqual({ custom })
  expect(
    await errorOf(home.invoke('echo', {}, { ClientContext: 'bm8=' })),
  ).toEqual({
    name: 'InvalidRequestContentException',
    message:
      'Client context must be a valid Base64-encoded JSON object of at most 3583 bytes.',
    status: 400,
  })
})

test('the log tail is Lambda text or JSON lines', async () => {
  const code = `export const handler = async () => {
    console.log('one', { two: 2 })
    console.debug({ three: 3 })
    console.error(new TypeError('four'))
    process.stdout.write('raw\\n')
  }`
  await home.put('text', code)
  const text = await home.invoke('text', {}, { LogType: 'Tail' })
  const id = text.requestId
  const lines = text.log
    .replaceAll(id, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d+(\.\d\d)? (ms|MB)/g, 'N $2')
    .split('\n')
  expect(lines.map((line) => line.split('\r')[0])).toEqual([
    'START RequestId: ID Version: $LATEST',
    'TIME\tID\tINFO\tone { two: 2 }',
    'TIME\tID\tDEBUG\t{ three: 3 }',
    'TIME\tID\tERROR\tTypeError: four',
    'raw',
    'END RequestId: ID',
    'REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\tInit Duration: N ms\t',
    '',
  ])
  await home.put('json', code, { logFormat: 'JSON' })
  const json = await home.invoke('json', {}, { LogType: 'Tail' })
  const time = expect.stringMatching(/^\d{4}-.*Z$/)
  const { requestId } = json
  const parsed = json.log
    .trim()
    .split('\n')
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : line))
  expect(parsed).toEqual([
    {
      time,
      type: 'platform.start',
      record: { requestId, version: '$LATEST' },
    },
    {
      timestamp: time,
      level: 'INFO',
      requestId,
      message: 'one { two: 2 }',
    },
    {
      timestamp: time,
      level: 'ERROR',
      requestId,
      message: {
        errorType: 'TypeError',
        errorMessage: 'four',
        stackTrace: expect.any(Array),
      },
    },
    'raw',
    {
      time,
      type: 'platform.report',
      record: {
        requestId,
        metrics: {
          durationMs: expect.any(Number),
          billedDurationMs: expect.any(Number),
          memorySizeMB: 128,
          maxMemoryUsedMB: expect.any(Number),
          initDurationMs: expect.any(Number),
        },
        status: 'success',
      },
    },
  ])
})

test('the tail is the last 4 KB, also of a megabyte of log', async () => {
  await home.put(
    'noisy',
    `export const handler = async () => {
       const lines = Array.from({ length: 20000 }, (_, i) => 'line ' + i + ' of fifty or so characters of output\\n')
       process.stdout.write(lines.join(''))
     }`,
  )
  const { log } = await home.invoke('noisy', {}, { LogType: 'Tail' })
  expect(log.length).toBe(4096)
  expect(log).toContain('line 19999 of')
  expect(log.split('\n').at(-2)).toMatch(/^REPORT/)
  const whole = home.logged.filter(
    ({ functionName, line }) =>
      functionName === 'noisy' && line.startsWith('line'),
  )
  expect(whole.length).toBe(20_000)
})

test('a refusal of the policies is the answer', async () => {
  const { AwsError } = await import('../protocol/Service.js')
  const refusing = await startLambda({
    authorize: ({ principal, action, resource }) => {
      throw new AwsError(
        'AccessDeniedException',
        `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`,
      )
    },
  })
  try {
    expect(await errorOf(refusing.invoke('echo:live'))).toEqual({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::000000000000:user/operator is not authorized to perform: lambda:InvokeFunction on resource: ${arnOf('echo:live')}`,
      status: 403,
    })
  } finally {
    await refusing.close()
  }
})

test("a function's own lines below its level are dropped, as Lambda tells levels", async () => {
  const timestamp = '2026-11-24T00:00:00.000Z'
  const lines = [
    { level: 'ERROR', timestamp, message: 'kept' },
    { level: 'WARN', timestamp: '2026-11-24T01:00:00+01:00', message: 'too' },
    { level: 'INFO', timestamp, message: 'below' },
    // A line without a level, or with a time under another name, counts as
    // INFO.
    { level: 'ERROR', time: timestamp, message: 'undated' },
    { level: 'error', timestamp, message: 'in lower case' },
    { _aws: { CloudWatchMetrics: [] }, Open: 1 },
    'no object',
  ].map((line) => JSON.stringify(line))
  const source = `export const handler = async () =>
    process.stdout.write(${JSON.stringify(lines.join('\n'))} + '\\nplain\\n')`
  const own = async (definition: object) => {
    home.logged.length = 0
    await home.put('levels', source, definition)
    await home.client.send(new InvokeCommand({ FunctionName: 'levels' }))
    return home.logged
      .map(({ line }) => line)
      .filter((line) => !/^START|^END|^REPORT|"type":"platform/.test(line))
  }
  expect(await own({ logFormat: 'JSON', applicationLogLevel: 'WARN' })).toEqual(
    lines.slice(0, 2),
  )
  const all = [...lines, 'plain']
  expect(
    await own({ logFormat: 'JSON', applicationLogLevel: 'DEBUG' }),
  ).toEqual(all)
  expect(await own({ applicationLogLevel: 'WARN' })).toEqual(all)
})
