import { PolicyError } from '../PolicyError.js'
import { Policy, type Statement } from '../policy/index.js'

/** A key policy whose statements were each read separately. */
export type KeyPolicy = {
  statements: readonly KeyStatement[]
  /** The parts that can't be read. What they allow is unknown. */
  unread: readonly Unread[]
}

export type KeyStatement = {
  /** Counted from 1. */
  index: number
  sid: string | undefined
  /** The statement's JSON, unchanged. */
  json: Readonly<Record<string, unknown>>
  statement: Statement.Statement
}

export type Unread = {
  /** Undefined for the policy as a whole. */
  index: number | undefined
  sid: string | undefined
  json: unknown
  reason: string
}

/**
 * Reads a policy as far as possible. Anything that KMS accepts but this
 * function can't read goes into `unread`; nothing is silently dropped.
 */
export function parse(text: string): KeyPolicy {
  const unread: Unread[] = []
  const failed = (reason: string, json?: unknown, index?: number) => {
    unread.push({ index, sid: sidOf(json), json, reason })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    failed('The policy is not valid JSON.')
    return { statements: [], unread }
  }
  const { Version, Statement } = (value ?? {}) as Record<string, unknown>
  const list: unknown[] = Array.isArray(Statement) ? Statement : [Statement]
  const statements = list.flatMap((json, i) => {
    try {
      const { statements } = Policy.fromValue(
        { ...(Version !== undefined && { Version }), Statement: [json] },
        'resource',
      )
      const [statement] = statements
      const object = json as Record<string, unknown>
      const index = i + 1
      return statement
        ? [{ index, sid: sidOf(json), json: object, statement }]
        : []
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      if (json !== undefined) failed(error.shortMessage, json, i + 1)
      return []
    }
  })
  if (unread.length === 0)
    try {
      Policy.parse(text, 'resource')
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      failed(error.shortMessage)
    }
  return { statements, unread }
}

/** Reads a document created by this package. */
export function fromDocument(document: object): KeyPolicy {
  return parse(JSON.stringify(document))
}

/** `statement 2 "UsersSign"`. */
export function label({
  index,
  sid,
}: Pick<KeyStatement, 'sid'> & { index: number | undefined }): string {
  const name = sid === undefined || sid === '' ? '' : ` ${JSON.stringify(sid)}`
  return index === undefined ? 'the policy' : `statement ${index}${name}`
}

function sidOf(json: unknown): string | undefined {
  const { Sid } = (json ?? {}) as { Sid?: unknown }
  return typeof Sid === 'string' ? Sid : undefined
}
