import { defineKeyAction } from '../Action.js'
import { paginate } from '../paginate.js'
import * as Tags from '../Tags.js'
import * as members from '../validation/members.js'

export const ListResourceTags = defineKeyAction({
  input: { KeyId: members.keyId, ...members.paging },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  run: (_call, key, { Limit = 50, Marker }) => {
    const { items, ...page } = paginate({
      list: 'ListResourceTags',
      items: Tags.toEntries(key.tags),
      nameOf: (tag) => tag.TagKey,
      limit: Limit,
      marker: Marker,
    })
    return { Tags: items, ...page }
  },
})
