import { disabled, invalidState, unsupported } from './errors.js'
import { type Key, type KeyMaterial, materialOf, stateOf } from './Key.js'
import type { Call } from './KmsContext.js'

/** @throws AwsError KMSInvalidStateException */
export const assertNotPendingDeletion = (call: Call, key: Key): void => {
  if (stateOf(key, call.kms.now()) === 'PendingDeletion')
    throw invalidState(`${key.arn} is pending deletion.`)
}

/**
 * Checks that a key is neither pending deletion nor pending import. It may be
 * disabled.
 */
export const assertHasMaterial = (call: Call, key: Key): void => {
  assertNotPendingDeletion(call, key)
  if (stateOf(key, call.kms.now()) === 'PendingImport')
    throw invalidState(`${key.arn} is pending import.`)
}

/** Returns the material of a usable key. */
export const usableMaterial = (call: Call, key: Key): KeyMaterial => {
  assertHasMaterial(call, key)
  const now = call.kms.now()
  const material = materialOf(key, now)
  if (stateOf(key, now) !== 'Enabled' || !material) throw disabled(key.arn)
  return material
}

/** @throws AwsError UnsupportedOperationException */
export const assertExternal = (key: Key): void => {
  if (key.origin !== 'EXTERNAL')
    throw unsupported(
      `${key.arn} origin is ${key.origin} which is not valid for this operation.`,
    )
}
