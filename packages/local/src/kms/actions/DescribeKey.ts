import { defineKeyAction } from '../Action.js'
import { toMetadata } from '../Key.js'
import * as members from '../validation/members.js'

export const DescribeKey = defineKeyAction({
  input: { KeyId: members.keyId, GrantTokens: members.grantTokens },
  form: 'key-or-alias',
  keyIdOf: (input) => input.KeyId,
  run: ({ kms }, key) => ({
    KeyMetadata: toMetadata(key, kms.accountId, kms.now()),
  }),
})
