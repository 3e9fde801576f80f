import { createLedger, type Ledger, type Rpc } from '@keyward/sender'
import type { Environment } from '../runtime/config.js'
import {
  createSecretReader,
  type SecretReader,
} from '../secrets/createSecretReader.js'
import { openSigner, type Signer } from '../signing/signer.js'
import { openRpc } from './openRpc.js'
import * as SendingConfig from './SendingConfig.js'

/** What a function that sends keeps between invocations. */
export type Sending = Signer & {
  config: SendingConfig.SendingConfig
  ledger: Ledger
  rpc: Rpc
  /** Where signed bytes go; undefined: to `rpc`. */
  sendRpc: Rpc | undefined
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
  const signer = openSigner(config)
  const { sendRpcUrl } = config
  return {
    ...signer,
    config,
    ledger: createLedger({ tableName: config.ledgerTable }),
    rpc: openRpc(config, secrets, signer.log),
    sendRpc:
      sendRpcUrl && openRpc(toSending(config, sendRpcUrl), secrets, signer.log),
    secrets,
  }
}

/** A relay has its key in its URL, and takes no other provider's token. */
function toSending(
  config: SendingConfig.SendingConfig,
  rpcUrl: NonNullable<SendingConfig.SendingConfig['sendRpcUrl']>,
): SendingConfig.SendingConfig {
  return { ...config, rpcUrl, rpcAuth: 'none' }
}
