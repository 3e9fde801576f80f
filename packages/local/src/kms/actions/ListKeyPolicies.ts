import { defineKeyAction } from '../Action.js'
import { paginate } from '../paginate.js'
import * as members from '../validation/members.js'

export const ListKeyPolicies = defineKeyAction({
  input: { KeyId: members.keyId, ...members.paging },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  run: (_call, _key, { Limit = 100, Marker }) => {
    // A key's policy has only one possible name in AWS.
    const { items, ...page } = paginate({
      list: 'ListKeyPolicies',
      items: ['default'],
      nameOf: (name) => name,
      limit: Limit,
      marker: Marker,
    })
    return { PolicyNames: items, ...page }
  },
})
