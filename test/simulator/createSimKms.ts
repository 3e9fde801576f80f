import type { KeyService } from '../../packages/core/src/index.js'
import {
  KmsServiceError,
  KmsTimeoutError,
} from '../../packages/core/src/kms/errors.js'
import type { Process } from './createScheduler.js'
import type { Faults } from './Fault.js'
import type { Random } from './random.js'
import type { TestKey } from './TestKey.js'

const host = 'kms.simulator'

/** KMS as one process sees it. */
export function createSimKms(parameters: {
  key: TestKey
  process: Process
  faults: Faults
  random: Random
  /** Hears of each signature that is made, given back or not. */
  signed?: (digest: Uint8Array) => void
}): KeyService {
  const { key, process, faults, random, signed } = parameters
  const { keyArn: keyRef, spki } = key
  const wayMs = () => random.between(3, 20)
  return {
    getPublicKey: () => process.call(wayMs(), () => ({ spki, keyRef }), 1),
    async signDigest(_, digest) {
      const sign = () => {
        signed?.(digest)
        return { der: key.sign(digest, random), keyRef }
      }
      const fault = faults.take('sign', process.name)
      const ms = fault?.ms ?? 0
      switch (fault?.kind) {
        case undefined:
          return process.call(wayMs(), sign, wayMs())
        case 'KMS slow':
          return process.call(wayMs(), sign, ms)
        case 'KMS throttles':
          await process.wait(ms)
          throw new KmsServiceError('Sign', {
            awsCode: 'ThrottlingException',
            text: 'Rate exceeded',
            status: 400,
            requestId: undefined,
          })
        default:
          await process.call(wayMs(), sign, ms)
          throw new KmsTimeoutError(host, ms)
      }
    },
  }
}
