import { openTransactionKey, type SigningKey } from '@keyward/core'
import { createLedger, type Ledger, type Rpc } from '@keyward/sender'
import type { Gate } from '../policy/createGate.js'
import type { Environment } from '../runtime/config.js'
import {
  createSecretReader,
  type SecretReader,
} from '../secrets/createSecretReader.js'
import { openGate, openSigner, type Signer } from '../signing/signer.js'
import { createRelayRule, type RelayRule } from './createRelayRule.js'
import { openRpc } from './openRpc.js'
import * as SendingConfig from './SendingConfig.js'

/** What a function that sends keeps between invocations. */
export type Sending = Signer & {
  config: SendingConfig.SendingConfig
  gate: Gate | undefined
  ledger: Ledger
  rpc: Rpc
  /** Where signed bytes go; undefined: to `rpc`. */
  sendRpc: Rpc | undefined
  secrets: SecretReader
  /** Of a relayer; undefined: it sends whatever its callers ask for. */
  rule: RelayRule | undefined
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
  const { sendRpcUrl, relayedSafe } = config
  const rule =
    relayedSafe &&
    createRelayRule(
      relayedSafe,
      () => rpc,
      (options) => signer.key.getAddress(options),
    )
  const gate = openGate(config, (options) => signer.key.getAddress(options))
  // One after the other: each may refuse.
  const authorize: SigningKey.Authorize | undefined =
    rule && gate
      ? async (request, context) => {
          await rule.authorize(request, context)
          await gate.authorize(request, context)
        }
      : (rule?.authorize ?? gate?.authorize)
  const signer = openSigner(config, gate, (parameters) =>
    openTransactionKey({ ...parameters, authorize }),
  )
  const rpc = openRpc(config, secrets, signer.log)
  return {
    ...signer,
    config,
    gate,
    rule,
    ledger: createLedger({ tableName: config.ledgerTable }),
    rpc,
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
