import type { Principal } from '@keyward/iam/policy'
import { Policy, toRoleArn } from '@keyward/iam/policy'
import { createHistory } from '../strict/createHistory.js'
import { isObject, type Json, type JsonObject } from './Json.js'
import { readIamPolicy } from './resources/IamPolicy.js'
import { rolePolicies, roleTags, trustPolicy } from './resources/IamRole.js'
import type { StackState, StackStore } from './StackState.js'

/** Users and roles with their policies, from the stacks and the home. */
export type Identities = {
  /** The identities as IAM shows them, with a delay. */
  late(
    now: () => number,
    lateMs: () => number,
  ): Pick<Identities, 'policiesOf' | 'tagsOf' | 'trustPolicyOf'>
  policiesOf(principal: Principal): readonly Policy.Policy[]
  /** The tags of a role, which its sessions have as well. */
  tagsOf(principal: Principal): Readonly<Record<string, string>>
  trustPolicyOf(roleArn: string): JsonObject | undefined
  /** ARNs of all users and roles that the policies of stacks name, sorted. */
  named(): string[]
}

/**
 * Reads identities from the stacks. A role that no stack defines has no
 * policies.
 *
 * @param given - Additional policies of users and roles, by ARN.
 */
export function createIdentities(
  store: StackStore,
  given: ReadonlyMap<string, readonly Policy.Policy[]>,
): Identities {
  // A state is replaced as a whole, so it can serve as the cache key.
  let read: { states: readonly StackState[]; found: Found } | undefined
  const found = (): Found => {
    const states = store.list()
    const isSame =
      read?.states.length === states.length &&
      states.every((state, i) => state === read?.states[i])
    if (!read || !isSame) read = { states, found: readStates(states) }
    return read.found
  }
  const policiesIn = (
    { policies, attached }: Found,
    { arn, roleArn = toRoleArn(arn) }: Principal,
  ) => [
    ...(given.get(roleArn) ?? []),
    ...(policies.get(roleArn) ?? []),
    ...(attached.get(nameOf(roleArn)) ?? []),
  ]
  const tagsIn = (
    { tags }: Found,
    { arn, roleArn = toRoleArn(arn) }: Principal,
  ) => tags.get(roleArn) ?? {}
  return {
    policiesOf: (principal) => policiesIn(found(), principal),
    tagsOf: (principal) => tagsIn(found(), principal),
    trustPolicyOf: (roleArn) => found().trusts.get(roleArn),
    named: () => [...found().named].sort(),
    late(now, lateMs) {
      const history = createHistory<Found>(now, lateMs)
      for (const name of ['save', 'remove', 'bury'] as const) {
        const change = store[name] as (given: never) => void
        store[name] = (given: never) => {
          const before = found()
          change(given)
          history.note('', before)
        }
      }
      const then = () => history.late('', found()) as Found
      return {
        policiesOf: (principal) => policiesIn(then(), principal),
        tagsOf: (principal) => tagsIn(then(), principal),
        trustPolicyOf: (roleArn) => then().trusts.get(roleArn),
      }
    },
  }
}

type Found = {
  /** Roles by ARN. */
  policies: Map<string, Policy.Policy[]>
  trusts: Map<string, JsonObject>
  tags: Map<string, Record<string, string>>
  /** Policies by `role/name` or `user/name`, as AWS::IAM::Policy names them. */
  attached: Map<string, Policy.Policy[]>
  named: Set<string>
}

function readStates(states: readonly StackState[]): Found {
  const found: Found = {
    policies: new Map(),
    trusts: new Map(),
    tags: new Map(),
    attached: new Map(),
    named: new Set(),
  }
  const parse = (document: JsonObject) => Policy.fromValue(document, 'identity')
  for (const { resources } of states)
    for (const { type, properties, attributes } of Object.values(resources)) {
      if (/^AWS::(?:DynamoDB|KMS|Lambda)::/.test(type))
        collectArns(properties, found.named)
      if (type === 'AWS::IAM::Role' && attributes.Arn) {
        const documents = rolePolicies(properties)
        found.policies.set(attributes.Arn, documents.map(parse))
        found.trusts.set(attributes.Arn, trustPolicy(properties))
        found.tags.set(attributes.Arn, roleTags(properties))
        found.named.add(attributes.Arn)
      }
      if (type === 'AWS::IAM::Policy') {
        const {
          PolicyDocument,
          Roles = [],
          Users = [],
        } = readIamPolicy(properties)
        const policy = parse(PolicyDocument)
        for (const name of [
          ...Roles.map((role) => `role/${role}`),
          ...Users.map((user) => `user/${user}`),
        ])
          found.attached.set(name, [
            ...(found.attached.get(name) ?? []),
            policy,
          ])
      }
    }
  return found
}

/** `arn:aws:iam::000000000000:role/path/name` -> `role/name` */
function nameOf(arn: string): string {
  const [kind = '', ...rest] = arn.split(':').slice(5).join(':').split('/')
  return `${kind}/${rest.at(-1) ?? ''}`
}

const identity = /^arn:aws[a-z-]*:iam::\d{12}:(?:user|role)\/[^*?]+$/

function collectArns(value: Json, into: Set<string>): void {
  if (typeof value === 'string' && identity.test(value)) into.add(value)
  else if (Array.isArray(value))
    for (const each of value) collectArns(each, into)
  else if (isObject(value))
    for (const each of Object.values(value)) collectArns(each, into)
}
