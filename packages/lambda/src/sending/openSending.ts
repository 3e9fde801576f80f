import { createLedger, type Ledger, type Rpc } from '@keyward/sender'
import type { Environment } from '../config.js'
import {
  createSecretReader,
  type SecretReader,
} from '../secrets/createSecretReader.js'
import { openSigner, type Signer } from '../signer.js'
import { openRpc } from './openRpc.js'
import * as SendingConfig from './SendingConfig.js'

/** What a function that sends keeps between invocations. */
export type Sending = Signer & {
  config: SendingConfig.SendingConfig
  ledger: Ledger
  rpc: Rpc
  secrets: SecretReader
}

/**
 * Prepares sending at start, without a call to anything.
 *
 * @throws InvalidConfigError, KmsConfigurationError, LedgerConfigurationError,
 * RpcConfigurationError: the function must not start with a wrong environment.
 */
export function openSending(environment: Environment): Sending {
  const config = SendingConfig.read(environment)
  const secrets = createSecretReader()
  return {
    ...openSigner(config),
    config,
    ledger: createLedger({ tableName: config.ledgerTable }),
    rpc: openRpc(config, secrets),
    secrets,
  }
}
