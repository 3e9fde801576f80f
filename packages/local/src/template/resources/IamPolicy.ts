import type { JsonObject } from '../Json.js'
import { list, readProperties, text } from '../properties.js'
import { TemplateError } from '../TemplateError.js'
import { policyDocument } from './policyDocument.js'
import { recordOnly } from './recordOnly.js'

const maximumBytes = 10_240
const spec = {
  PolicyName: text,
  PolicyDocument: policyDocument('identity', maximumBytes),
  Roles: list(text),
  Users: list(text),
}

/** Roles and users by name, and the policy. */
export const readIamPolicy = (properties: JsonObject) =>
  readProperties(properties, spec, ['PolicyName', 'PolicyDocument'])

export const IamPolicy = recordOnly({
  check(properties) {
    const { Roles = [], Users = [] } = readIamPolicy(properties)
    if (Roles.length + Users.length === 0)
      throw new TemplateError('It must name Roles or Users.')
  },
  // Changing PolicyName only renames the policy.
  identify: (_, { generatedName }) => ({
    physicalId: generatedName,
    attributes: { Id: generatedName },
  }),
})
