import { defineAction } from '../Action.js'
import { authorizeResource } from '../authorizeCall.js'
import { paginate } from '../paginate.js'
import * as members from '../validation/members.js'

export const ListKeys = defineAction({
  input: members.paging,
  run: (call, { Limit = 100, Marker }) => {
    authorizeResource(call, '*')
    const { items, ...page } = paginate({
      list: 'ListKeys',
      items: call.kms.keys.list(),
      nameOf: (key) => key.keyId,
      limit: Limit,
      marker: Marker,
    })
    return {
      Keys: items.map((key) => ({ KeyId: key.keyId, KeyArn: key.arn })),
      ...page,
    }
  },
})
