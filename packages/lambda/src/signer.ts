import { SigningKey } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { type Config, readConfig } from './config.js'
import { createLog, type Log } from './log.js'

/** What a function keeps between invocations. */
export type Signer = {
  config: Config
  log: Log
  key: SigningKey.LazySigningKey
  /** When the invocation under way ends, in ms since 1970. */
  setDeadline(deadline: number): void
}

/**
 * Prepares signing at start, without a call to KMS: the first signature asks
 * for the public key and signs at the same time.
 *
 * @throws InvalidConfigError, KmsConfigurationError: the function must not
 * start with a wrong environment.
 */
export function createSigner(
  environment: Record<string, string | undefined>,
): Signer {
  const config = readConfig(environment)
  let deadline = Number.POSITIVE_INFINITY
  const service = createKmsClient({ deadline: () => deadline })
  const { keyId, expectedAddress } = config
  return {
    config,
    log: createLog(config.logLevel),
    key: SigningKey.open({ service, keyId, expectedAddress }),
    setDeadline(value) {
      deadline = value
    },
  }
}
