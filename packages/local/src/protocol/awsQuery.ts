import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Service,
} from './Service.js'
import { element, elements, type XmlValue } from './Xml.js'

/**
 * The members of a request: text, structures, and lists as `member.1` and so
 * on.
 */
export type QueryInput = { readonly [name: string]: string | QueryInput }

/** The answer of an operation, whose members become elements. */
export type QueryOutput = { readonly [name: string]: XmlValue }

export type QueryOperation<context> = (
  context: context,
  input: QueryInput,
  request: AwsRequest,
) => QueryOutput | undefined | Promise<QueryOutput | undefined>

const headers = { 'content-type': 'text/xml' }
const maxMembers = 10_000
const maxDepth = 10

/**
 * A service with the AWS Query protocol, which reads forms and answers with
 * XML.
 */
export function createQueryService<context>(parameters: {
  name: string
  maxBodyBytes: number
  /** XML namespace, e.g. `https://sts.amazonaws.com/doc/2011-06-15/`. */
  namespace: string
  version: string
  operations: Readonly<Record<string, QueryOperation<context>>>
  context: context
}): Service {
  const { namespace, version, operations, context } = parameters
  const renderError = (error: AwsError, requestId: string): AwsResponse => {
    const { code, text, status } = toQueryError(error)
    return {
      status,
      headers: { ...headers, ...error.headers },
      body: `<ErrorResponse xmlns="${namespace}">${element('Error', {
        Type: status < 500 ? 'Sender' : 'Receiver',
        Code: code,
        Message: text,
      })}${element('RequestId', requestId)}</ErrorResponse>`,
    }
  }
  return {
    name: parameters.name,
    maxBodyBytes: parameters.maxBodyBytes,
    renderError,
    operationOf: ({ body }) => readAction(body),
    async handle(request) {
      const { Action, Version: _, ...input } = parse(request.body)
      const name = typeof Action === 'string' ? Action : ''
      const operation = Object.hasOwn(operations, name)
        ? operations[name]
        : undefined
      if (!operation)
        throw new AwsError(
          name === '' ? 'MissingAction' : 'InvalidAction',
          name === ''
            ? 'The request must contain the parameter Action.'
            : `Could not find operation ${name.slice(0, 80)} for version ${version}. The local home has: ${Object.keys(operations).sort().join(', ')}.`,
        )
      const output = await operation(context, input, request)
      const result =
        output && `<${name}Result>${elements(output)}</${name}Result>`
      return {
        status: 200,
        headers,
        body: `<${name}Response xmlns="${namespace}">${result ?? ''}<ResponseMetadata>${element('RequestId', request.requestId)}</ResponseMetadata></${name}Response>`,
      }
    },
  }
}

/** The errors of the request checks, with this protocol's names and texts. */
const wireErrors: Readonly<Record<string, [code: string, status: number]>> = {
  AccessDeniedException: ['AccessDenied', 403],
  ExpiredTokenException: ['ExpiredToken', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
}

function toQueryError(error: AwsError) {
  const known = wireErrors[error.type]
  const text =
    error.type === 'MissingAuthenticationTokenException'
      ? 'Request is missing Authentication Token'
      : error.text
  return known
    ? { code: known[0], status: known[1], text }
    : { code: error.type, status: error.status, text }
}

function readAction(body: Buffer): string | undefined {
  return /(?:^|&)Action=([A-Za-z0-9]{1,64})(?:&|$)/.exec(
    body.toString('latin1'),
  )?.[1]
}

/** @throws {AwsError} MalformedInput */
function parse(body: Buffer): Record<string, string | QueryInput> {
  const root: Record<string, string | QueryInput> = Object.create(null)
  let count = 0
  for (const [path, value] of new URLSearchParams(body.toString())) {
    const names = path.split('.')
    count += 1
    if (count > maxMembers || names.length > maxDepth)
      throw new AwsError('MalformedInput', 'The request has too many members.')
    let at = root
    for (const name of names.slice(0, -1)) {
      let next = at[name]
      if (typeof next === 'string') throw twice(path)
      if (next === undefined) {
        next = Object.create(null) as Record<string, string | QueryInput>
        at[name] = next
      }
      at = next as Record<string, string | QueryInput>
    }
    const last = names.at(-1) as string
    if (at[last] !== undefined) throw twice(path)
    at[last] = value
  }
  return root
}

function twice(path: string) {
  return new AwsError(
    'MalformedInput',
    `The member ${JSON.stringify(path.slice(0, 80))} occurs twice in the request.`,
  )
}

/** @throws {AwsError} MalformedInput for a structure instead of text. */
export function optionalText(
  input: QueryInput,
  name: string,
): string | undefined {
  const value = input[name]
  if (value === undefined || typeof value === 'string') return value
  throw new AwsError('MalformedInput', `The member ${name} must be text.`)
}

/** @throws {AwsError} ValidationError if the member is missing. */
export function requiredText(input: QueryInput, name: string): string {
  const value = optionalText(input, name)
  if (value !== undefined && value !== '') return value
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  throw new AwsError(
    'ValidationError',
    value === undefined
      ? `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`
      : `1 validation error detected: Value '' at '${member}' failed to satisfy constraint: Member must have length greater than or equal to 1`,
  )
}

/** @throws {AwsError} ValidationError */
export function optionalFlag(
  input: QueryInput,
  name: string,
): boolean | undefined {
  const value = optionalText(input, name)
  if (value === undefined) return undefined
  if (value === 'true') return true
  if (value === 'false') return false
  throw new AwsError(
    'ValidationError',
    `The member ${name} must be true or false, not ${JSON.stringify(value.slice(0, 80))}.`,
  )
}

/** The items of a list in order; no items if the list is absent. */
function optionalList(
  input: QueryInput,
  name: string,
): (string | QueryInput)[] {
  const list = input[name]
  // Clients send an empty list as `Name=`.
  if (list === undefined || list === '') return []
  const members = typeof list === 'string' ? undefined : list.member
  if (typeof members !== 'object')
    throw new AwsError('MalformedInput', `The member ${name} must be a list.`)
  return Object.entries(members)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value)
}

/** A list of texts. */
export function optionalTexts(input: QueryInput, name: string): string[] {
  return optionalList(input, name).map((each) => {
    if (typeof each === 'string') return each
    throw new AwsError(
      'MalformedInput',
      `The member ${name} must contain text.`,
    )
  })
}

/** A list of structures. */
export function optionalStructures(
  input: QueryInput,
  name: string,
): QueryInput[] {
  return optionalList(input, name).map((each) => {
    if (typeof each === 'object') return each
    throw new AwsError(
      'MalformedInput',
      `The member ${name} must contain structures.`,
    )
  })
}
