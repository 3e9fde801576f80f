import { AwsError } from '../../protocol/Service.js'
import { defineAction } from '../Action.js'
import * as Arn from '../Arn.js'
import { assertAliasName } from '../assertAliasName.js'
import { assertNotPendingDeletion } from '../assertState.js'
import { authorizeKey, authorizeResource } from '../authorizeCall.js'
import { findKeyId, getKey } from '../findKey.js'
import * as members from '../validation/members.js'

const maximumPerKey = 50

export const CreateAlias = defineAction({
  input: { AliasName: members.aliasName, TargetKeyId: members.keyId },
  run: (call, { AliasName: name, TargetKeyId }) => {
    const { kms } = call
    assertAliasName(name)
    const keyId = findKeyId(call, TargetKeyId, 'alias-target')
    const work = async (): Promise<undefined> => {
      const key = getKey(call, keyId)
      const arn = Arn.ofAlias(kms, name)
      authorizeResource(call, arn)
      authorizeKey(call, key)
      if (kms.aliases.get(name))
        throw new AwsError(
          'AlreadyExistsException',
          `An alias with the name ${arn} already exists`,
        )
      assertNotPendingDeletion(call, key)
      if (kms.aliases.list(key.keyId).length >= maximumPerKey)
        throw new AwsError(
          'LimitExceededException',
          `${key.arn} has ${maximumPerKey} aliases, as many as a key can have.`,
        )
      const now = kms.now()
      await kms.aliases.save({
        name,
        targetKeyId: key.keyId,
        createdAt: now,
        updatedAt: now,
      })
      return undefined
    }
    // The key is always locked before the alias, so that two tasks can't
    // deadlock.
    return kms.lock(`key ${keyId}`, () => kms.lock(`alias ${name}`, work))
  },
})
