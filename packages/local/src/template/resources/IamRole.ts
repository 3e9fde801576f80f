import type { JsonObject } from '../Json.js'
import {
  integer,
  list,
  object,
  readProperties,
  tags,
  text,
} from '../properties.js'
import { TemplateError } from '../TemplateError.js'
import { managedPolicy } from './managedPolicies.js'
import { policyDocument } from './policyDocument.js'
import { recordOnly } from './recordOnly.js'

const maximumTrustBytes = 4096
const maximumInlineBytes = 10_240
const inline = policyDocument('identity', maximumInlineBytes)

const spec = {
  AssumeRolePolicyDocument: policyDocument('trust', maximumTrustBytes),
  Description: text,
  ManagedPolicyArns: list((value) => managedPolicy(text(value))),
  MaxSessionDuration: integer,
  Path: text,
  Policies: list((value) =>
    readProperties(
      object(value),
      { PolicyName: text, PolicyDocument: inline },
      ['PolicyName', 'PolicyDocument'],
    ),
  ),
  RoleName: text,
  Tags: tags,
}

const read = (properties: JsonObject) =>
  readProperties(properties, spec, ['AssumeRolePolicyDocument'])

export const IamRole = recordOnly({
  check(properties) {
    const { RoleName = 'r', Path = '/' } = read(properties)
    if (!/^[\w+=,.@-]{1,64}$/.test(RoleName))
      throw new TemplateError(
        `RoleName is ${JSON.stringify(RoleName.slice(0, 80))}. It must be 1 to 64 letters, digits or signs (_+=,.@-).`,
      )
    if (!/^\/(?:[\x21-\x7e]+\/)?$/.test(Path))
      throw new TemplateError('Path must begin and end with a slash.')
  },
  identify(properties, { generatedName, home }) {
    const { RoleName = generatedName.slice(0, 64), Path = '/' } =
      read(properties)
    return {
      physicalId: RoleName,
      attributes: {
        Arn: `arn:aws:iam::${home.accountId}:role${Path}${RoleName}`,
        RoleId: `AROA${Buffer.from(RoleName).toString('hex').toUpperCase().slice(0, 17).padEnd(17, '0')}`,
      },
    }
  },
})

/** The policy documents with a role's permissions. */
export function rolePolicies(properties: JsonObject): JsonObject[] {
  const { Policies = [], ManagedPolicyArns = [] } = read(properties)
  return [...Policies.map((each) => each.PolicyDocument), ...ManagedPolicyArns]
}

export function roleTags(properties: JsonObject): Record<string, string> {
  return read(properties).Tags ?? {}
}

export function trustPolicy(properties: JsonObject): JsonObject {
  return read(properties).AssumeRolePolicyDocument
}
