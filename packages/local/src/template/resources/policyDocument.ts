import { assertEnforceable, Policy } from '@keyward/iam/policy'
import type { JsonObject } from '../Json.js'
import { object, type Reader } from '../properties.js'

/** A policy document that the local home can enforce. */
export const policyDocument =
  (kind: Policy.PolicyKind, maximumBytes: number): Reader<JsonObject> =>
  (value) => {
    const document = object(value)
    const size = Buffer.byteLength(JSON.stringify(document))
    if (size > maximumBytes)
      throw new SyntaxError(
        `The policy has ${size} bytes, more than the ${maximumBytes} that AWS takes.`,
      )
    assertEnforceable(Policy.fromValue(document, kind))
    return document
  }
