import { defineAction } from '../Action.js'
import * as Arn from '../Arn.js'
import { authorizeResource } from '../authorizeCall.js'
import { findKeyId, getKey } from '../findKey.js'
import { paginate } from '../paginate.js'
import * as members from '../validation/members.js'

export const ListAliases = defineAction({
  input: { KeyId: members.optionalKeyId, ...members.paging },
  run: (call, { KeyId, Limit = 50, Marker }) => {
    authorizeResource(call, '*')
    const { kms } = call
    const target =
      KeyId === undefined
        ? undefined
        : getKey(call, findKeyId(call, KeyId, 'key')).keyId
    const { items, ...page } = paginate({
      list: 'ListAliases',
      items: kms.aliases.list(target),
      nameOf: (alias) => alias.name,
      limit: Math.min(Limit, 100),
      marker: Marker,
    })
    return {
      Aliases: items.map((alias) => ({
        AliasName: alias.name,
        AliasArn: Arn.ofAlias(kms, alias.name),
        TargetKeyId: alias.targetKeyId,
        CreationDate: alias.createdAt / 1000,
        LastUpdatedDate: alias.updatedAt / 1000,
      })),
      ...page,
    }
  },
})
