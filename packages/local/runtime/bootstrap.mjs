// The runtime client of one execution environment of the local Lambda. Like
// /var/runtime in AWS, it loads the function, asks the Runtime API for events,
// and answers them. It is plain JavaScript in one file and uses only node:http,
// because its start-up is part of every measured cold start.
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { constants } from 'node:os'
import { pathToFileURL } from 'node:url'
import { format, types } from 'node:util'

const env = process.env
const base = new URL(`http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`)
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const exitCodes = { uncaughtException: 129, unhandledRejection: 128 }

/**
 * Id of the current invocation; absent at start-up and between invocations.
 * @type {string | undefined}
 */
let requestId
let started = false
let waiting = false
let failing = false

class RuntimeError extends Error {
  /** @param {string} type @param {string} message @param {string} [stack] */
  constructor(type, message, stack) {
    super(message)
    this.name = `Runtime.${type}`
    if (stack) Object.assign(this, { stack })
  }
}

/** @typedef {import('node:http').IncomingHttpHeaders} Headers */

/**
 * Makes one call to the Runtime API. Without the API, this process has nothing
 * to do.
 *
 * @param {string} method
 * @param {string} path
 * @param {string} [body]
 * @param {Record<string, string | number>} [headers]
 * @returns {Promise<{ headers: Headers, body: Buffer }>}
 */
function call(method, path, body, headers = {}) {
  return new Promise((resolve) => {
    const outgoing = request({
      agent,
      host: base.hostname,
      port: base.port,
      path: base.pathname + path,
      method,
      headers:
        body === undefined
          ? headers
          : { ...headers, 'content-length': Buffer.byteLength(body) },
    })
    outgoing.on('error', () => process.exit(1))
    outgoing.on('response', (response) => {
      /** @type {Buffer[]} */
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', () => process.exit(1))
      response.on('end', () =>
        resolve({ headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    outgoing.end(body)
  })
}

/** @param {unknown} error */
function toErrorBody(error) {
  try {
    if (types.isNativeError(error) || error instanceof Error) {
      const trace = String(error.stack ?? '').split('\n')
      return { errorType: error.name, errorMessage: error.message, trace }
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] }
  } catch {
    const errorMessage = 'The error could not be read'
    return { errorType: 'Error', errorMessage, trace: [] }
  }
}

// Lambda's two log formats: text lines with tabs, or one JSON object per line.

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']
const isJson = env.AWS_LAMBDA_LOG_FORMAT === 'JSON'

/** @param {string} _key @param {unknown} value */
function errorsAsObjects(_key, value) {
  if (!(value instanceof Error)) return value
  const { errorType, errorMessage, trace } = toErrorBody(value)
  return { errorType, errorMessage, stackTrace: trace, ...value }
}

/** @param {string} timestamp @param {string} level @param {unknown[]} values */
function toJsonLine(timestamp, level, values) {
  const line = { timestamp, level, requestId }
  if (values.length !== 1)
    return JSON.stringify({ ...line, message: format(...values) })
  try {
    return JSON.stringify({ ...line, message: values[0] }, errorsAsObjects)
  } catch {
    return JSON.stringify({ ...line, message: format(values[0]) })
  }
}

/** @param {string} level @param {unknown[]} values */
function log(level, values) {
  const time = new Date().toISOString()
  const line = isJson
    ? toJsonLine(time, level, values)
    : `${time}\t${requestId}\t${level}\t${format(...values)}`
  process.stdout.write(`${line.replaceAll('\n', '\r')}\n`)
}

function patchConsole() {
  const least = levels.indexOf(env.AWS_LAMBDA_LOG_LEVEL ?? 'TRACE')
  const methods = levels.map((level, index) => [
    level.toLowerCase(),
    index < least
      ? () => {}
      : (/** @type {unknown[]} */ ...values) => log(level, values),
  ])
  Object.assign(console, Object.fromEntries(methods))
  console.log = console.info
}

/** @param {string} text @param {unknown} error */
function logError(text, error) {
  if (isJson)
    console.error(error instanceof Error ? error : new Error(String(error)))
  else console.error(`${text} \t${JSON.stringify(toErrorBody(error))}`)
}

/**
 * The parent reads the logs when the answer arrives, so they must be written
 * first.
 */
function flush() {
  const flushed = [process.stdout, process.stderr].map((stream) =>
    stream.writableLength === 0
      ? undefined
      : new Promise((resolve) => stream.write('', resolve)),
  )
  return Promise.all(flushed)
}

/** The peak, so that memory freed before the end counts too. */
const usage = () => ({
  'keyward-max-rss-kb': String(process.resourceUsage().maxRSS),
})

/** @param {unknown} error */
async function postError(error) {
  await flush()
  const path = started ? `/invocation/${requestId}/error` : '/init/error'
  if (started && requestId === undefined) return
  const body = toErrorBody(error)
  await call('POST', path, JSON.stringify(body), {
    ...usage(),
    'content-type': 'application/json',
    'lambda-runtime-function-error-type': body.errorType,
  })
}

/** @param {unknown} error @param {number} code */
async function die(error, code) {
  if (failing) return
  failing = true
  await postError(error)
  process.exit(code)
}

function watchProcess() {
  // The log reader is gone, perhaps because of kill -9. Logging this error
  // would fail in the same way, again and again.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => process.exit(1))
  process.on('uncaughtException', (error) => {
    logError('Uncaught Exception', error)
    die(error, exitCodes.uncaughtException)
  })
  process.on('unhandledRejection', (reason) => {
    const error = new RuntimeError('UnhandledPromiseRejection', String(reason))
    logError('Unhandled Promise Rejection', error)
    die(error, exitCodes.unhandledRejection)
  })
  // Nothing is left to run although an answer is due, so a promise will never
  // settle. (While the process waits for an event, the open request keeps it
  // alive.)
  process.on('beforeExit', () => {
    if (waiting) return
    const text =
      "Node.js has nothing left to do, but the function hasn't answered. The " +
      'handler waits for a promise that never settles.'
    die(new RuntimeError('NodeJsExit', text), 13)
  })
}

/** @param {string} root @param {string} name */
async function importModule(root, name) {
  const file = ['.mjs', '.js', '.cjs']
    .map((extension) => `${root}/${name}${extension}`)
    .find((candidate) => existsSync(candidate))
  if (file === undefined)
    throw new RuntimeError(
      'ImportModuleError',
      `Error: Cannot find module '${name}'`,
    )
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new RuntimeError('UserCodeSyntaxError', String(error), error.stack)
    if (
      error instanceof Error &&
      'code' in error &&
      error.code === 'ERR_MODULE_NOT_FOUND'
    )
      throw new RuntimeError('ImportModuleError', String(error), error.stack)
    throw error
  }
}

async function loadHandler() {
  const [, name, path] = /^([^.]+)\.(.+)$/.exec(env._HANDLER ?? '') ?? []
  if (name === undefined || path === undefined)
    throw new RuntimeError('MalformedHandlerName', 'Bad handler')
  const module = await importModule(env.LAMBDA_TASK_ROOT ?? '.', name)
  const handler = path.split('.').reduce((value, key) => value?.[key], module)
  if (handler === undefined || handler === null)
    throw new RuntimeError(
      'HandlerNotFound',
      `${env._HANDLER} is undefined or not exported`,
    )
  if (typeof handler !== 'function')
    throw new RuntimeError(
      'HandlerNotFound',
      `${env._HANDLER} is not a function`,
    )
  if (handler.length > 2)
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      `${env._HANDLER} takes a callback, which Lambda no longer supports in ` +
        'Node.js 24. Return a promise: async (event, context) => ...',
    )
  return handler
}

/** @param {any} object @param {Record<string, unknown>} values */
function fix(object, values) {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(object, name, {
      value,
      writable: false,
      configurable: false,
    })
}

/**
 * Closes gaps in Node's permission model. SIGUSR1 opens the debugger of any
 * Node process, which gives access to everything. A socket in the file system
 * may belong to a service such as Docker. In AWS, a function can reach neither.
 */
function closeMachine() {
  const { EACCES, EPERM } = constants.errno
  const own = process.pid
  // process.kill uses this function.
  const { _kill: kill } = /** @type {any} */ (process)
  fix(process, {
    _kill: (/** @type {unknown} */ pid, /** @type {unknown} */ signal) =>
      Number(pid) === own ? kill(own, signal) : -EPERM,
    _debugProcess: undefined,
    _debugEnd: undefined,
  })
  // The class of these sockets can only be obtained by attempting a connection.
  const client = connect('closed').on('error', () => {})
  const { _handle: pipe } = /** @type {any} */ (client)
  const refuse = () => -EACCES
  fix(Object.getPrototypeOf(pipe), { connect: refuse, bind: refuse })
  client.destroy()
}

/** @param {Headers} headers */
function toContext(headers) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms'])
  const clientContext = String(headers['lambda-runtime-client-context'] ?? '')
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === '' ? undefined : JSON.parse(clientContext),
    identity: undefined,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  }
}

/** @param {unknown} value */
function toResponseBody(value) {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    throw new Error('Unable to stringify response body')
  }
}

/**
 * @param {(event: unknown, context: object) => unknown} handler
 * @param {Headers} headers
 * @param {Buffer} body
 */
async function run(handler, headers, body) {
  requestId = String(headers['lambda-runtime-aws-request-id'])
  env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id'])
  try {
    const event = JSON.parse(body.toString('utf8'))
    const answer = toResponseBody(await handler(event, toContext(headers)))
    if (failing) return
    await flush()
    await call('POST', `/invocation/${requestId}/response`, answer, {
      ...usage(),
      'content-type': 'application/json',
    })
  } catch (error) {
    if (failing) return
    logError('Invoke Error', error)
    await postError(error)
  }
  requestId = undefined
}

patchConsole()
watchProcess()
closeMachine()
let handler
try {
  handler = await loadHandler()
} catch (error) {
  logError('Uncaught Exception', error)
  await die(error, 1)
}
started = true
while (!failing) {
  waiting = true
  const { headers, body } = await call('GET', '/invocation/next')
  waiting = false
  await run(handler, headers, body)
}
