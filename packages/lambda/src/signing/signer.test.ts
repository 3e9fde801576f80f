import type { SigningKey } from '@keyward/core'
import { Signature } from '@keyward/core'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../runtime/config.js'
import { openSigner } from './signer.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test('a signature that is discarded has a line with the call to KMS', () => {
  vi.stubEnv('AWS_REGION', 'us-east-1')
  const config = readConfig({
    ...{ KMS_KEY_ID: 'alias/k', ETH_NETWORK: 'local', LOG_LEVEL: 'ERROR' },
  })
  const opened: SigningKey.Parameters[] = []
  openSigner(config, undefined, (parameters) => {
    opened.push(parameters)
    return {} as SigningKey.LazySigningKey
  })
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  opened[0]?.onDiscard?.(
    {
      ...{ purpose: 'request', caller: 'payouts', transactionId: 'id' },
      ...{ keyId: 'alias/k', address: undefined, digest: '0x07' },
    },
    {
      requestId: 'of-kms',
      error: new Signature.InvalidSignatureError('it is not a DER SEQUENCE'),
    },
  )
  const { timestamp, ...line } = JSON.parse(String(write.mock.lastCall?.[0]))
  expect(line).toEqual({
    ...{ level: 'INFO', message: 'discarded', caller: 'payouts' },
    ...{ key_id: 'alias/k', purpose: 'request', transaction_id: 'id' },
    ...{ network: 'local', chain_id: 31337, digest: '0x07' },
    ...{ error: 'InvalidSignatureError', code: 'invalid-signature' },
    kms_request_id: 'of-kms',
  })
})
