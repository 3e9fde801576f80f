import type { Verdict } from '../evaluate.js'
import type { Principal } from '../Principal.js'

/** A documented rule of AWS, and the cases that follow from it. */
export type Fact = {
  /** Page of the IAM User Guide or, with `kms/`, of the KMS Developer Guide. */
  page: string
  /** The page's rule, in our own words. */
  says: string
  cases: readonly Case[]
  /** Near misses: each has a different result from the first case. */
  twins: readonly Case[]
}

export type Case = { ask: Ask; is: Verdict | 'refused' }

/** A question to policies. {@link defaults} supplies omitted parts. */
export type Ask = {
  by?: Principal
  action?: string
  resource?: string
  /** Condition keys. An empty list means that the request lacks the key. */
  context?: Readonly<Record<string, string | readonly string[]>>
  /** Statements of the caller's own policy. */
  identity?: readonly object[]
  /** Statements of the resource's policy, or of a role's trust policy. */
  policy?: readonly object[]
  version?: string
  /** Policy text to use instead of `identity`. */
  text?: string
}

export const account = '111122223333'
export const other = '444455556666'
export const arnOf = (path: string, id = account) =>
  `arn:aws:iam::${id}:${path}`
export const root = { arn: arnOf('root'), account }
export const alice = { arn: arnOf('user/alice'), account }
export const bob = { arn: arnOf('user/bob'), account }
/** A caller of another account. */
export const carol = { arn: arnOf('user/carol', other), account: other }
export const lambda = {
  ...{ arn: 'lambda.amazonaws.com', account },
  service: 'lambda.amazonaws.com',
}
export const sessionArn = (role: string, name = 'session') =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`
export const session = (role: string, name?: string, path = '/') => ({
  arn: sessionArn(role, name),
  account,
  roleArn: arnOf(`role${path}${role}`),
})

export const key = `arn:aws:kms:us-east-1:${account}:key/1234abcd`
export const defaults: Required<Pick<Ask, 'by' | 'action' | 'resource'>> = {
  ...{ by: alice, action: 'kms:Sign', resource: key },
}

export const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }
/** A key policy statement that allows Sign. */
export const allow = (Principal: unknown, more: object = {}) => ({
  ...{ Effect: 'Allow', Principal, Action: 'kms:Sign', Resource: '*' },
  ...more,
})
export const deny = (Principal: unknown, more: object = {}) =>
  allow(Principal, { Effect: 'Deny', ...more })
export const aws = (...AWS: string[]) => ({ AWS })

/** Allows everything under a condition. */
export const when = (
  Condition: object,
  context: Ask['context'] = {},
  more: Ask = {},
): Ask => ({
  ...{ identity: [{ ...allowAll, Condition }], resource: '*', context },
  ...more,
})

/** Rows of questions that all have the same result. */
export const all = (is: Case['is'], ...asks: Ask[]): Case[] =>
  asks.map((ask) => ({ ask, is }))
