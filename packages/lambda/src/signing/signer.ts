import { openTransactionKey, type SigningKey } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { createGate, type Gate } from '../policy/createGate.js'
import {
  type Config,
  type Environment,
  type GuardConfig,
  readConfig,
} from '../runtime/config.js'
import { createLog } from '../runtime/log.js'
import type { Setup } from '../runtime/serveInvocations.js'

/** What a function that signs keeps between invocations. */
export type Signer = Setup & {
  config: Config
  key: SigningKey.LazySigningKey
  /** The policy that was deployed with the function. */
  gate: Gate | undefined
}

/**
 * Prepares signing at start, without a call to KMS: the first signature asks
 * for the public key and signs at the same time.
 *
 * @throws InvalidConfigError, KmsConfigurationError: the function must not
 * start with a wrong environment.
 */
export function createSigner(environment: Environment): Signer {
  const config = readConfig(environment)
  const gate = openGate(config, (options) => signer.key.getAddress(options))
  const signer = openSigner(config, gate, (parameters) =>
    openTransactionKey({ ...parameters, authorize: gate?.authorize }),
  )
  return signer
}

/** The policy of a function that was deployed with one. */
export function openGate(
  { policySha256: sha256, guardTable: tableName, logLevel }: GuardConfig,
  getAccount: SigningKey.LazySigningKey['getAddress'] | undefined,
): Gate | undefined {
  return sha256 === undefined
    ? undefined
    : createGate({ sha256, tableName, getAccount }, createLog(logLevel))
}

/**
 * @param open - What the key signs, and whom it asks before.
 * @throws KmsConfigurationError
 */
export function openSigner(
  config: Config,
  gate: Gate | undefined,
  open: (parameters: SigningKey.Parameters) => SigningKey.LazySigningKey,
): Signer {
  const service = createKmsClient()
  const { keyId, expectedAddress } = config
  return {
    config,
    log: createLog(config.logLevel),
    key: open({ service, keyId, expectedAddress }),
    gate,
  }
}
