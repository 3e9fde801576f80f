import { defineAction } from '../Action.js'
import * as Arn from '../Arn.js'
import { assertAliasName } from '../assertAliasName.js'
import { authorizeKey, authorizeResource } from '../authorizeCall.js'
import { aliasNotFound } from '../errors.js'
import * as members from '../validation/members.js'

export const DeleteAlias = defineAction({
  input: { AliasName: members.aliasName },
  run: (call, { AliasName: name }) => {
    const { kms } = call
    assertAliasName(name)
    return kms.lock(`alias ${name}`, async () => {
      const arn = Arn.ofAlias(kms, name)
      const alias = kms.aliases.get(name)
      if (!alias) throw aliasNotFound(arn)
      const key = kms.keys.get(alias.targetKeyId)
      authorizeResource(call, arn)
      if (key) authorizeKey(call, key)
      await kms.aliases.remove(name)
      return undefined
    })
  },
})
