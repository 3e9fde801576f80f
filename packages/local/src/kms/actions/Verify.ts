import { AwsError } from '../../protocol/Service.js'
import { defineKeyAction } from '../Action.js'
import { usableMaterial } from '../assertState.js'
import { dryRunSucceeded } from '../errors.js'
import * as Signature from '../Signature.js'
import * as members from '../validation/members.js'

export const Verify = defineKeyAction({
  input: {
    KeyId: members.keyId,
    Message: members.message,
    MessageType: members.messageType,
    Signature: members.ciphertext,
    SigningAlgorithm: members.signingAlgorithm,
    GrantTokens: members.grantTokens,
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
    const { publicKey } = usableMaterial(call, key)
    const digest = Signature.digestOf(input)
    if (input.DryRun) throw dryRunSucceeded()
    // AWS never answers with SignatureValid set to false.
    if (!Signature.verify(input.Signature, digest, publicKey))
      throw new AwsError('KMSInvalidSignatureException')
    return {
      KeyId: key.arn,
      SignatureValid: true,
      SigningAlgorithm: input.SigningAlgorithm,
    }
  },
})
