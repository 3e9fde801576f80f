import { PolicyError } from '../PolicyError.js'
import type { PolicyKind } from './PolicyKind.js'
import { NameTwiceError, parseJson } from './parseJson.js'
import * as Statement from './Statement.js'

export type Policy = { statements: readonly Statement.Statement[] }

export type { PolicyKind }

/** @throws PolicyError that says what is wrong without quoting the policy */
export function parse(text: string, kind: PolicyKind): Policy {
  return fromValue(readJson(text), kind)
}

function readJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    // Node's own message quotes the policy and differs between versions.
    throw new PolicyError(
      error instanceof NameTwiceError
        ? error.message
        : 'The policy is not valid JSON.',
    )
  }
}

/** Reads a document that is already parsed. */
export function fromValue(value: unknown, kind: PolicyKind): Policy {
  if (!Statement.isObject(value))
    throw new PolicyError('The policy is not a JSON object.')
  Statement.refuseOthers(value, ['Version', 'Id', 'Statement'], 'The policy')
  const { Version, Statement: given } = value
  // A policy without a version has the old version, which has no variables.
  if (![undefined, '2012-10-17', '2008-10-17'].includes(Version as string))
    throw new PolicyError(
      'The policy has an unknown Version. Use "2012-10-17".',
    )
  const list = Array.isArray(given) ? given : [given]
  if (given === undefined || list.length === 0)
    throw new PolicyError('The policy has no Statement.')
  const statements = list.map((each) =>
    Statement.fromValue(each, kind, Version === '2012-10-17'),
  )
  const sids = statements.flatMap(({ sid }) => sid ?? [])
  if (new Set(sids).size !== sids.length)
    throw new PolicyError('The policy has two statements with the same Sid.')
  return { statements }
}
