import { defineKeyAction } from '../Action.js'
import { usableMaterial } from '../assertState.js'
import { dryRunSucceeded } from '../errors.js'
import * as Signature from '../Signature.js'
import * as members from '../validation/members.js'

export const Sign = defineKeyAction({
  input: {
    KeyId: members.keyId,
    Message: members.message,
    MessageType: members.messageType,
    GrantTokens: members.grantTokens,
    SigningAlgorithm: members.signingAlgorithm,
    DryRun: members.dryRun,
  },
  cryptographic: true,
  form: 'key-or-alias',
  keyIdOf: (input) => input.KeyId,
  conditions: (input) => ({
    'kms:SigningAlgorithm': input.SigningAlgorithm,
    'kms:MessageType': input.MessageType ?? 'RAW',
  }),
  run: (call, key, input) => {
    const { privateKey } = usableMaterial(call, key)
    const digest = Signature.digestOf(input)
    if (input.DryRun) throw dryRunSucceeded()
    const signature = Signature.sign(digest, privateKey)
    return {
      KeyId: key.arn,
      Signature: Buffer.from(signature).toString('base64'),
      SigningAlgorithm: input.SigningAlgorithm,
    }
  },
})
