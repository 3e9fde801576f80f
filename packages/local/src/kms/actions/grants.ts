// The local KMS has no grants, so operations that read or end grants answer as
// AWS does for a key without grants. Creating one is refused: only policies
// give access.
import { AwsError } from '../../protocol/Service.js'
import { type Action, defineAction, defineKeyAction } from '../Action.js'
import { usableMaterial } from '../assertState.js'
import { authorizeResource } from '../authorizeCall.js'
import { notFound, unsupported } from '../errors.js'
import { paginate } from '../paginate.js'
import * as members from '../validation/members.js'

const principal = {
  type: 'string',
  min: 1,
  max: 256,
  pattern: '^[\\w+=,.@:/-]+$',
} as const
const grantId = { type: 'string', min: 1, max: 128 } as const

const noGrants = (list: string, limit: number, marker?: string): object => {
  const { items, ...page } = paginate<string>({
    list,
    items: [],
    nameOf: (name) => name,
    limit,
    marker,
  })
  return { Grants: items, ...page }
}

const CreateGrant = defineKeyAction({
  input: {
    KeyId: members.keyId,
    GranteePrincipal: { ...principal, required: true },
    RetiringPrincipal: principal,
    Operations: {
      type: 'list',
      required: true,
      member: { type: 'string' },
    },
    DryRun: members.dryRun,
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  conditions: (input) => ({
    'kms:GranteePrincipal': input.GranteePrincipal,
    'kms:RetiringPrincipal': input.RetiringPrincipal,
    'kms:GrantIsForAWSResource': false,
  }),
  run: (call, key) => {
    usableMaterial(call, key)
    throw unsupported('This local KMS has no grants; use the key policy.')
  },
})

const ListGrants = defineKeyAction({
  input: {
    KeyId: members.keyId,
    GrantId: grantId,
    GranteePrincipal: principal,
    ...members.paging,
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  run: (_call, _key, { Limit = 50, Marker }) =>
    noGrants('ListGrants', Limit, Marker),
})

const ListRetirableGrants = defineAction({
  input: {
    RetiringPrincipal: { ...principal, required: true },
    ...members.paging,
  },
  run: (call, { Limit = 50, Marker }) => {
    authorizeResource(call, '*')
    return noGrants('ListRetirableGrants', Limit, Marker)
  },
})

const RevokeGrant = defineKeyAction({
  input: {
    KeyId: members.keyId,
    GrantId: { ...grantId, required: true },
    DryRun: members.dryRun,
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  run: (_call, key, input) => {
    throw notFound(`Grant ID ${input.GrantId} not found on key ${key.arn}`)
  },
})

const RetireGrant = defineAction({
  input: {
    GrantToken: { type: 'string', min: 1, max: 8192 },
    KeyId: members.optionalKeyId,
    GrantId: grantId,
    DryRun: members.dryRun,
  },
  run: (call, input) => {
    authorizeResource(call, '*')
    if (input.GrantId === undefined)
      throw new AwsError('InvalidGrantTokenException')
    throw notFound(`Grant ID ${input.GrantId} not found`)
  },
})

export const grants: Readonly<Record<string, Action>> = {
  CreateGrant,
  ListGrants,
  ListRetirableGrants,
  RevokeGrant,
  RetireGrant,
}
