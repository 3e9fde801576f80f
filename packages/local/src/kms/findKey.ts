import { AwsError } from '../protocol/Service.js'
import * as Arn from './Arn.js'
import {
  aliasNotFound,
  invalidKeyId,
  keyNotFound,
  validation,
} from './errors.js'
import type { Key } from './Key.js'
import * as KeyIdentifier from './KeyIdentifier.js'
import type { Call } from './KmsContext.js'

/** The forms of KeyId that the operation accepts. */
export type KeyForm = 'key' | 'key-or-alias' | 'alias-target'

/**
 * Finds the id of the key that a KeyId member names.
 *
 * @throws AwsError, with AWS's own error for each form, if there is no such
 * key.
 */
export const findKeyId = (call: Call, value: string, form: KeyForm): string => {
  const { kms } = call
  const found = KeyIdentifier.parse(value, kms)
  if (found.type === 'key') return found.keyId
  if (found.type === 'foreign') throw foreignKey(call, found.arn)
  if (form === 'alias-target')
    throw validation('Aliases must refer to keys. Not aliases')
  if (form === 'key') throw invalidKeyId(value)
  const target = kms.aliases.get(found.name)?.targetKeyId
  // The alias of a key that is due for deletion counts as deleted.
  if (!target || !kms.keys.get(target))
    throw aliasNotFound(Arn.ofAlias(kms, found.name))
  return target
}

export const getKey = (call: Call, keyId: string): Key => {
  const key = call.kms.keys.get(keyId)
  if (!key) throw keyNotFound(Arn.ofKey(call.kms, keyId))
  return key
}

/**
 * Other accounts have no keys here, and AWS doesn't reveal whether they have
 * any.
 */
const foreignKey = (call: Call, arn: string): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `User: ${call.principal.arn} is not authorized to perform: kms:${call.operation} on resource: ${arn} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
  )
