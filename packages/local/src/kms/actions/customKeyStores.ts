// Custom key stores hold only symmetric keys, so there are none here.
import { AwsError } from '../../protocol/Service.js'
import { type Action, defineAction } from '../Action.js'
import { authorizeResource } from '../authorizeCall.js'
import { unsupported } from '../errors.js'
import * as members from '../validation/members.js'

const storeId = { type: 'string', min: 1, max: 64 } as const

const notFound = (): AwsError => new AwsError('CustomKeyStoreNotFoundException')

const CreateCustomKeyStore = defineAction({
  input: {
    CustomKeyStoreName: { type: 'string', required: true, min: 1, max: 256 },
  },
  run: (call) => {
    authorizeResource(call, '*')
    throw unsupported('This local KMS has no custom key stores.')
  },
})

const DescribeCustomKeyStores = defineAction({
  input: {
    CustomKeyStoreId: storeId,
    CustomKeyStoreName: { type: 'string', min: 1, max: 256 },
    ...members.paging,
  },
  run: (call, input) => {
    authorizeResource(call, '*')
    if (input.CustomKeyStoreId ?? input.CustomKeyStoreName) throw notFound()
    return { CustomKeyStores: [], Truncated: false }
  },
})

const onStore = (): Action =>
  defineAction({
    input: { CustomKeyStoreId: { ...storeId, required: true } },
    run: (call) => {
      authorizeResource(call, '*')
      throw notFound()
    },
  })

export const customKeyStores: Readonly<Record<string, Action>> = {
  CreateCustomKeyStore,
  DescribeCustomKeyStores,
  ConnectCustomKeyStore: onStore(),
  DisconnectCustomKeyStore: onStore(),
  DeleteCustomKeyStore: onStore(),
  UpdateCustomKeyStore: onStore(),
}
