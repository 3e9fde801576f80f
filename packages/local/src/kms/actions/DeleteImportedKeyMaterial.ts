import { defineKeyAction } from '../Action.js'
import { assertExternal } from '../assertState.js'
import { unsupported } from '../errors.js'
import { keySpec } from '../Key.js'
import * as members from '../validation/members.js'

export const DeleteImportedKeyMaterial = defineKeyAction({
  input: {
    KeyId: members.keyId,
    KeyMaterialId: members.keyMaterialId,
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  run: async (call, key, input) => {
    assertExternal(key)
    if (input.KeyMaterialId !== undefined)
      throw unsupported(
        `KeyMaterialId is only valid for symmetric encryption keys; the key spec of ${key.arn} is ${keySpec}.`,
      )
    if (key.material) await call.kms.keys.save({ ...key, material: undefined })
    return { KeyId: key.arn }
  },
})
