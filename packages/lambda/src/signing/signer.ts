import { openTransactionKey, type SigningKey } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import {
  createGate,
  createSigningGate,
  type Gate,
  type SigningGate,
} from '../policy/createGate.js'
import type { PolicyConfig } from '../policy/loadPolicy.js'
import {
  type Config,
  type Environment,
  type GuardConfig,
  readConfig,
} from '../runtime/config.js'
import { createLog } from '../runtime/log.js'
import type { Setup } from '../runtime/serveInvocations.js'
import { toFailure, toLogFields } from '../runtime/toFailure.js'

/** The state that a signing function keeps between invocations. */
export type Signer = Setup & {
  config: Config
  key: SigningKey.LazySigningKey
  /** The policy that was deployed with the function. */
  gate: SigningGate | undefined
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
  const gate = openSigningGate(config, (options) =>
    signer.key.getAddress(options),
  )
  const signer = openSigner(config, gate, (parameters) =>
    openTransactionKey({ ...parameters, authorize: gate?.authorize }),
  )
  return signer
}

/** The policy of a function that does more than sign, if it has one. */
export function openGate(
  config: GuardConfig,
  getAccount: PolicyConfig['getAccount'],
): Gate | undefined {
  const policy = toPolicy(config, getAccount)
  return policy && createGate(policy, createLog(config.logLevel))
}

/** Like {@link openGate}, for a function that only signs. */
export function openSigningGate(
  config: GuardConfig,
  getAccount: PolicyConfig['getAccount'],
): SigningGate | undefined {
  const policy = toPolicy(config, getAccount)
  return policy && createSigningGate(policy, createLog(config.logLevel))
}

function toPolicy(
  { policySha256: sha256, guardTable: tableName }: GuardConfig,
  getAccount: PolicyConfig['getAccount'],
): PolicyConfig | undefined {
  return sha256 === undefined ? undefined : { sha256, tableName, getAccount }
}

/**
 * @param open - The requests that the key signs, and the check before signing.
 * @throws KmsConfigurationError
 */
export function openSigner(
  config: Config,
  gate: SigningGate | undefined,
  open: (parameters: SigningKey.Parameters) => SigningKey.LazySigningKey,
): Signer {
  const service = createKmsClient()
  const { keyId, expectedAddress, network } = config
  const log = createLog(config.logLevel)
  // CloudTrail shows these calls too.
  const onDiscard: SigningKey.Parameters['onDiscard'] = (
    { caller, transactionId, purpose, digest },
    { requestId, error },
  ) =>
    log.audit('discarded', {
      ...{ caller, key_id: keyId, purpose, transaction_id: transactionId },
      ...{ network: network.name, chain_id: network.chainId, digest },
      ...toLogFields(toFailure(error)),
      kms_request_id: requestId,
    })
  return {
    ...{ config, log, gate },
    key: open({ service, keyId, expectedAddress, onDiscard }),
  }
}
