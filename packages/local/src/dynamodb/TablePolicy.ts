import {
  assertEnforceable,
  Glob,
  isObject,
  NameTwiceError,
  Policy,
  PolicyError,
  PrincipalElement,
  parseJson,
} from '@keyward/iam/policy'
import type { AwsError } from '../protocol/Service.js'
import { invalid } from './errors.js'
import { tablePolicyActions } from './tablePolicyActions.js'

type Statement = Record<string, unknown>

const maximumBytes = 20_480

/**
 * Reads a table's policy and returns it in AWS's canonical form.
 * GetResourcePolicy returns this form, and two policies are equal if their
 * canonical forms are equal.
 *
 * @throws AwsError ValidationException with AWS's text.
 */
export function canonicalize(text: string): string {
  if (Buffer.byteLength(text) > maximumBytes)
    throw invalid(
      `One or more parameter values were invalid: Maximum policy size of ${maximumBytes} bytes exceeded`,
    )
  const document = read(text)
  const { Version = '2008-10-17', Id, Statement } = document
  const given = Array.isArray(Statement) ? Statement : [Statement ?? []].flat()
  if (given.length === 0)
    throw malformed('Could not parse the policy: Statement is empty!')
  const statements = given.filter(isObject)
  for (const statement of statements) assertStatement(statement)
  const sids = statements.flatMap(({ Sid }) => Sid ?? [])
  if (new Set(sids).size !== sids.length)
    throw malformed('The Statement Ids in the policy are not unique')
  const wrong = statements.flatMap(wrongActions)
  if (wrong.length > 0)
    throw malformed(
      `The following action names are invalid: ${wrong.map((name) => JSON.stringify(name)).join(', ')}`,
    )
  try {
    assertEnforceable(Policy.fromValue(document, 'resource'))
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw malformed(error.shortMessage)
  }
  return JSON.stringify({
    Version,
    ...(Id !== undefined && { Id }),
    Statement: statements.map(canonicalStatement),
  })
}

function read(text: string): Record<string, unknown> {
  let document: unknown
  try {
    document = parseJson(text)
  } catch (error) {
    if (error instanceof NameTwiceError) throw malformed(error.message)
    throw malformed('This policy contains invalid Json')
  }
  if (isObject(document)) return document
  throw malformed('Syntax error at position (1,1)')
}

function assertStatement(statement: Statement): void {
  for (const name of ['Effect', 'Principal', 'Action', 'Resource'])
    if (!(name in statement) && !(`Not${name}` in statement))
      throw malformed(`Missing required field ${name}`)
  const { Effect, Principal, NotPrincipal, Condition } = statement
  let named: PrincipalElement.PrincipalElement
  try {
    named = PrincipalElement.parse(Principal ?? NotPrincipal)
  } catch {
    throw invalid(
      'One or more parameter values were invalid: Invalid principal in policy document.',
    )
  }
  const isOpen = named.everyone || Principal === undefined
  if (Effect === 'Allow' && isOpen && Condition === undefined)
    throw invalid(
      'Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of access',
    )
  for (const arn of toList(statement.Resource ?? statement.NotResource)) {
    const [, id = ''] =
      /^arn:[^:]*:dynamodb:[^:]*:[^:]*:([^*?$]*)$/.exec(String(arn)) ?? []
    if (id !== '' && !/^table\/[^/]+(?:\/index\/[^/]+)?$/.test(id))
      throw malformed(
        `The relative-id ${JSON.stringify(id)} is invalid for ARN ${JSON.stringify(arn)}`,
      )
  }
}

/** Each pattern must match at least one action. */
function wrongActions({ Action, NotAction }: Statement): unknown[] {
  return toList(Action ?? NotAction).filter((action) => {
    const glob = Glob.fromPattern(String(action).toLowerCase())
    return !tablePolicyActions.some((name) =>
      Glob.matches(glob, name.toLowerCase()),
    )
  })
}

const order = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

function canonicalStatement(statement: Statement): Statement {
  return Object.fromEntries(
    order
      .filter((name) => statement[name] !== undefined)
      .map((name) => [name, canonicalElement(name, statement[name])]),
  )
}

function canonicalElement(name: string, value: unknown): unknown {
  if (/^(?:Not)?(?:Action|Resource)$/.test(name)) return unwrap(toList(value))
  if (!/^(?:Not)?Principal$/.test(name) || !isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([type, names]) => [
      type,
      unwrap([...new Set(toList(names).map(toPrincipal))]),
    ]),
  )
}

const toPrincipal = (name: unknown) =>
  /^\d{12}$/.test(String(name)) ? `arn:aws:iam::${name}:root` : name

const toList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : [value]

const unwrap = (list: unknown[]): unknown =>
  list.length === 1 ? list[0] : list

const malformed = (text: string): AwsError =>
  invalid(
    `One or more parameter values were invalid: Invalid policy document: ${text}`,
  )
