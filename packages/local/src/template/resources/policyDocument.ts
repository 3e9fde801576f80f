import { assertEnforceable, Policy, PolicyError } from '@keyward/iam/policy'
import type { JsonObject } from '../Json.js'
import { object, type Reader } from '../properties.js'
import { TemplateError } from '../TemplateError.js'

/** A policy document that the local home can enforce. */
export const policyDocument =
  (kind: Policy.PolicyKind, maximumBytes: number): Reader<JsonObject> =>
  (value) => {
    const document = object(value)
    const size = Buffer.byteLength(JSON.stringify(document))
    if (size > maximumBytes)
      throw new TemplateError(
        `The policy is ${size} bytes long. AWS allows up to ${maximumBytes}.`,
      )
    asTemplateError(() => assertEnforceable(Policy.fromValue(document, kind)))
    return document
  }

/** @throws TemplateError */
export function readPolicy(
  document: unknown,
  kind: Policy.PolicyKind,
): Policy.Policy {
  return asTemplateError(() => Policy.fromValue(document, kind))
}

function asTemplateError<value>(read: () => value): value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new TemplateError(error.shortMessage)
  }
}
