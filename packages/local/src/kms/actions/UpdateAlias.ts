import { defineAction } from '../Action.js'
import * as Arn from '../Arn.js'
import { assertAliasName } from '../assertAliasName.js'
import { assertNotPendingDeletion } from '../assertState.js'
import { authorizeKey, authorizeResource } from '../authorizeCall.js'
import { aliasNotFound } from '../errors.js'
import { findKeyId, getKey } from '../findKey.js'
import * as members from '../validation/members.js'

export const UpdateAlias = defineAction({
  input: { AliasName: members.aliasName, TargetKeyId: members.keyId },
  run: (call, { AliasName: name, TargetKeyId }) => {
    const { kms } = call
    assertAliasName(name)
    const keyId = findKeyId(call, TargetKeyId, 'alias-target')
    const work = async (): Promise<undefined> => {
      const arn = Arn.ofAlias(kms, name)
      const alias = kms.aliases.get(name)
      if (!alias) throw aliasNotFound(arn)
      const key = getKey(call, keyId)
      // Moving the alias away from a key changes that key too.
      const before = kms.keys.get(alias.targetKeyId)
      authorizeResource(call, arn)
      if (before) authorizeKey(call, before)
      authorizeKey(call, key)
      assertNotPendingDeletion(call, key)
      await kms.aliases.save({
        ...alias,
        targetKeyId: key.keyId,
        updatedAt: kms.now(),
      })
      return undefined
    }
    // The key is always locked before the alias, so that two tasks can't
    // deadlock.
    return kms.lock(`key ${keyId}`, () => kms.lock(`alias ${name}`, work))
  },
})
