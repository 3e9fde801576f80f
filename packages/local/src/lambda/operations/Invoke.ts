import { AwsError, type AwsRequest } from '../../protocol/Service.js'
import type { Invocation } from '../Environment.js'
import type { FunctionEntry } from '../FunctionRecord.js'
import { resolveFunction } from '../FunctionRegistry.js'
import { onFunction } from '../readRequest.js'

const maxEventBytes = 1024 * 1024
const maxClientContextBytes = 3583
const types = ['Event', 'RequestResponse', 'DryRun']

function invalidContent(text: string): never {
  throw new AwsError('InvalidRequestContentException', text)
}

/**
 * The event exactly as it was sent, so that the digits of its numbers are
 * preserved.
 */
function readPayload(request: AwsRequest, isEvent: boolean): Buffer {
  const { body } = request
  if (body.length === 0) return Buffer.from('{}')
  if (isEvent && body.length > maxEventBytes)
    throw new AwsError(
      'RequestEntityTooLargeException',
      `${body.length} byte payload is too large for the Event invocation type (limit ${maxEventBytes} bytes)`,
      413,
    )
  const prefix =
    'Could not parse request body into json: Could not parse payload into json: '
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      body,
    )
  } catch {
    return invalidContent(`${prefix}Invalid UTF-8`)
  }
  try {
    JSON.parse(text)
  } catch {
    // The parser's message quotes the payload, which may contain a secret.
    return invalidContent(`${prefix}Unexpected character or end of input`)
  }
  return body
}

/** JSON in ASCII, because it is passed on in a header. */
function readClientContext(request: AwsRequest): string | undefined {
  const header = request.headers['x-amz-client-context']
  if (header === undefined) return undefined
  try {
    if (header.length > maxClientContextBytes) throw new Error('too long')
    const value: unknown = JSON.parse(Buffer.from(header, 'base64').toString())
    if (typeof value !== 'object' || value === null)
      throw new Error('no object')
    return JSON.stringify(value).replace(
      /[^ -~]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  } catch {
    return invalidContent(
      `Client context must be a valid Base64-encoded JSON object of at most ${maxClientContextBytes} bytes.`,
    )
  }
}

function retryAttempts(
  { retryAttemptsOf = {}, maximumRetryAttempts }: FunctionEntry,
  qualifier = '$LATEST',
): number {
  return Object.hasOwn(retryAttemptsOf, qualifier)
    ? (retryAttemptsOf[qualifier] as number)
    : maximumRetryAttempts
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const Invoke = onFunction(
  'lambda:InvokeFunction',
  async ({ context, request, called }) => {
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
    if (!types.includes(type))
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '${type.slice(0, 80)}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [${types.join(', ')}]`,
      )
    const { entry, record } = resolveFunction(
      context.registry,
      called,
      context.accountId,
    )
    const payload = readPayload(request, type === 'Event')
    const invocation: Invocation = {
      requestId: request.requestId,
      payload,
      invokedFunctionArn: called.arn,
      // Lambda passes on the client context only for synchronous invocations.
      clientContext:
        type === 'RequestResponse' ? readClientContext(request) : undefined,
    }
    const headers = { 'x-amz-executed-version': record.version }
    if (type === 'DryRun') return { status: 204, headers: {} }
    const target = { record, reserved: entry.reservedConcurrency }
    const run = () => context.pool.invoke(target, invocation)
    if (type === 'Event') {
      context.events.add(run, retryAttempts(entry, called.qualifier))
      return { status: 202, headers: {} }
    }
    const result = await run()
    const wantsTail = request.headers['x-amz-log-type'] === 'Tail'
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        ...headers,
        ...(result.errorType === undefined
          ? {}
          : { 'x-amz-function-error': 'Unhandled' }),
        ...(wantsTail ? { 'x-amz-log-result': result.logTail } : {}),
      },
      body: result.payload,
    }
  },
)
