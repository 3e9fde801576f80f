import { defineKeyAction } from '../Action.js'
import { usableMaterial } from '../assertState.js'
import { keySpec, toSpki } from '../Key.js'
import * as members from '../validation/members.js'

export const GetPublicKey = defineKeyAction({
  input: { KeyId: members.keyId, GrantTokens: members.grantTokens },
  form: 'key-or-alias',
  keyIdOf: (input) => input.KeyId,
  run: (call, key) => ({
    KeyId: key.arn,
    PublicKey: toSpki(usableMaterial(call, key).publicKey).toString('base64'),
    CustomerMasterKeySpec: keySpec,
    KeySpec: keySpec,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: ['ECDSA_SHA_256'],
  }),
})
