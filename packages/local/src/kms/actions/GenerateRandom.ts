import { randomBytes } from 'node:crypto'
import { defineAction } from '../Action.js'
import { authorizeResource } from '../authorizeCall.js'
import { unsupported, validation } from '../errors.js'

export const GenerateRandom = defineAction({
  input: {
    NumberOfBytes: { type: 'integer', min: 1, max: 1024 },
    CustomKeyStoreId: { type: 'string', min: 1, max: 64 },
  },
  run: (call, { NumberOfBytes, CustomKeyStoreId }) => {
    authorizeResource(call, '*')
    if (CustomKeyStoreId !== undefined)
      throw unsupported('This local KMS has no custom key stores.')
    if (NumberOfBytes === undefined)
      throw validation('NumberOfBytes is required.')
    return { Plaintext: randomBytes(NumberOfBytes).toString('base64') }
  },
})
