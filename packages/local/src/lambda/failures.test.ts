import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampled } from '../../../../test/support/sampled.js'
import { startLambda } from '../../../../test/support/startLambda.js'

let home: Awaited<ReturnType<typeof startLambda>>
beforeAll(async () => {
  home = await startLambda()
})
afterAll(() => home.close())

const handler = (body: string) =>
  `export const handler = async (event) => { ${body} }`

/** Ways to fail, with the errorType and errorMessage that Lambda returns. */
const failures: [string, string, string, string | RegExp, object?][] = [
  [
    'throws an error of its own',
    `class BadInput extends Error { name = 'BadInput' }
     ${handler("throw new BadInput('no amount')")}`,
    'BadInput',
    'no amount',
  ],
  ['throws a string', handler("throw 'just text'"), 'string', 'just text'],
  ['throws nothing', handler('throw undefined'), 'undefined', 'undefined'],
  [
    'throws what cannot be read',
    handler('throw { toString() { throw 1 } }'),
    'Error',
    'The error could not be read',
  ],
  [
    'returns a BigInt',
    handler('return { n: 1n }'),
    'Error',
    'Unable to stringify response body',
  ],
  [
    'has no handler',
    'export const other = 1',
    'Runtime.HandlerNotFound',
    'index.handler is undefined or not exported',
  ],
  [
    'has a handler that is no function',
    'export const handler = {}',
    'Runtime.HandlerNotFound',
    'index.handler is not a function',
  ],
  [
    'takes a callback',
    'export const handler = (event, context, callback) => callback(null, 1)',
    'Runtime.CallbackHandlerDeprecated',
    /^index\.handler takes a callback/,
  ],
  [
    'names a module that is not there',
    handler(''),
    'Runtime.ImportModuleError',
    "Error: Cannot find module 'main'",
    { handler: 'main.handler' },
  ],
  [
    'names no handler',
    handler(''),
    'Runtime.MalformedHandlerName',
    'Bad handler',
    { handler: 'index' },
  ],
  [
    'is no JavaScript',
    'export const handler = async () => {',
    'Runtime.UserCodeSyntaxError',
    'SyntaxError: Unexpected end of input',
  ],
  [
    'imports what is not there',
    "import 'left-pad'",
    'Runtime.ImportModuleError',
    /^Error.*Cannot find package 'left-pad'/,
  ],
  [
    'throws while it is loaded',
    "throw new RangeError('KMS_KEY_ID is missing')",
    'RangeError',
    'KMS_KEY_ID is missing',
  ],
  [
    'exits while it is loaded',
    'process.exit(3)',
    'Runtime.ExitError',
    'RequestId: ID Error: Runtime exited with error: exit status 3',
  ],
  [
    'never ends loading',
    'await new Promise(() => {})',
    'Runtime.NodeJsExit',
    /never settles/,
  ],
  [
    'exits with 1',
    handler('process.exit(1)'),
    'Runtime.ExitError',
    'RequestId: ID Error: Runtime exited with error: exit status 1',
  ],
  [
    'exits with 0',
    handler('process.exit(0)'),
    'Runtime.ExitError',
    'RequestId: ID Error: Runtime exited without providing a reason',
  ],
  [
    'kills itself',
    handler(
      "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
    ),
    'Runtime.ExitError',
    'RequestId: ID Error: Runtime exited with error: signal: killed',
  ],
  [
    'leaves a rejection alone',
    handler(
      "Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 1000))",
    ),
    'Runtime.UnhandledPromiseRejection',
    'Error: lost',
  ],
  [
    'throws in a timer',
    handler(
      "setTimeout(() => { throw new TypeError('late') }); await new Promise((r) => setTimeout(r, 1000))",
    ),
    'TypeError',
    'late',
  ],
  [
    'waits for nothing',
    handler('await new Promise(() => {})'),
    'Runtime.NodeJsExit',
    /never settles/,
  ],
  [
    'loops',
    handler('for (;;) {}'),
    'Sandbox.Timedout',
    'RequestId: ID Error: Task timed out after 1.00 seconds',
    { timeoutS: 1 },
  ],
  [
    'waits too long',
    handler('await new Promise((r) => setTimeout(r, 60_000))'),
    'Sandbox.Timedout',
    'RequestId: ID Error: Task timed out after 1.00 seconds',
    { timeoutS: 1 },
  ],
  [
    'answers more than 6 MiB',
    handler("return 'x'.repeat(6 * 1024 * 1024 + 99)"),
    'Function.ResponseSizeTooLarge',
    'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  ],
  [
    'takes more memory than it has',
    handler(
      'const all = []; for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise((r) => setTimeout(r, 10)) }',
    ),
    'Runtime.OutOfMemory',
    'RequestId: ID Error: Runtime exited with error: signal: killed',
    { timeoutS: 20 },
  ],
]

// Each is a process.
test.each(sampled(failures, 3))(
  'a function that %s',
  async (title, code, type, message, more) => {
    const name = title.replaceAll(/[^a-z]/gi, '-')
    await home.put(name, code, more)
    const answer = await home.invoke(name, {}, { LogType: 'Tail' })
    expect([answer.status, answer.error, answer.version]).toEqual([
      200,
      'Unhandled',
      '$LATEST',
    ])
    const { errorType, errorMessage, trace } = answer.payload
    expect({
      errorType,
      errorMessage: errorMessage.replace(answer.requestId, 'ID'),
    }).toEqual({
      errorType: type,
      errorMessage:
        typeof message === 'string' ? message : expect.stringMatching(message),
    })
    if (trace !== undefined) expect(trace).toEqual(expect.any(Array))
    const report = answer.log.split('\n').find((l) => l.startsWith('REPORT'))
    expect(report).toMatch(
      type === 'Sandbox.Timedout'
        ? /\tDuration: 1000\.00 ms\t.*\tStatus: timeout\t$/
        : /\tStatus: error\tError Type: /,
    )
  },
)

test('undefined is null, and a value without a promise is an answer', async () => {
  await home.put('undefined', handler('return undefined'))
  await home.put('value', 'export const handler = () => 7')
  expect((await home.invoke('undefined')).payload).toBe(null)
  expect((await home.invoke('value')).payload).toBe(7)
})

test('an answer of 6 MiB and 100 bytes fits', async () => {
  await home.put('fits', handler("return 'x'.repeat(6 * 1024 * 1024 + 98)"))
  const answer = await home.invoke('fits')
  expect([answer.error, answer.payload.length]).toEqual([
    undefined,
    6 * 1024 * 1024 + 98,
  ])
})

test('what a function says before it dies is in the log', async () => {
  await home.put(
    'last-words',
    "process.stderr.write('starting\\n'); " +
      handler("console.log('going'); process.exit(1)"),
  )
  const { log, requestId } = await home.invoke(
    'last-words',
    {},
    { LogType: 'Tail' },
  )
  expect(
    log
      .replaceAll(requestId, 'ID')
      .split('\n')
      .map((line) => line.split('\t').slice(-1)[0] || line.split('\t')[0]),
  ).toEqual([
    'starting',
    'START RequestId: ID Version: $LATEST',
    'going',
    'RequestId: ID Error: Runtime exited with error: exit status 1',
    'Runtime.ExitError',
    'END RequestId: ID',
    'REPORT RequestId: ID',
    '',
  ])
})
