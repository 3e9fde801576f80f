import { openTransactionKey, type SigningKey, Transaction } from '@keyward/core'
import { createLedger, type Ledger, type Rpc } from '@keyward/sender'
import type { Gate } from '../policy/createGate.js'
import type { Environment } from '../runtime/config.js'
import {
  createSecretReader,
  type SecretReader,
} from '../secrets/createSecretReader.js'
import { logSignatures } from '../signing/logSignatures.js'
import { openGate, openSigner, type Signer } from '../signing/signer.js'
import { createRelayRule, type RelayRule } from './createRelayRule.js'
import { openRpc } from './openRpc.js'
import * as SendingConfig from './SendingConfig.js'

/** The state that a sending function keeps between invocations. */
export type Sending = Signer & {
  config: SendingConfig.SendingConfig
  gate: Gate | undefined
  ledger: Ledger
  rpc: Rpc
  /** Endpoint for signed bytes; undefined if it is `rpc`. */
  sendRpc: Rpc | undefined
  secrets: SecretReader
  /**
   * The rule of a relayer; undefined for a sender that sends what its callers
   * request.
   */
  rule: RelayRule | undefined
}

/**
 * Prepares sending at start, without any calls.
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
  // The rules are checked in turn, because each may refuse.
  const authorize: SigningKey.Authorize | undefined =
    rule && gate
      ? async (request, context) => {
          await rule.authorize(request, context)
          await gate.authorize(request, context)
        }
      : (rule?.authorize ?? gate?.authorize)
  const signer = openSigner(config, gate, (parameters) =>
    logSignatures(
      openTransactionKey({ ...parameters, authorize }),
      config,
      (request, signature) =>
        request.kind === 'transaction'
          ? Transaction.hash(request.transaction, signature)
          : undefined,
    ),
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

/**
 * A relay's key is in its URL, and the relay must not receive another
 * provider's token.
 */
function toSending(
  config: SendingConfig.SendingConfig,
  rpcUrl: NonNullable<SendingConfig.SendingConfig['sendRpcUrl']>,
): SendingConfig.SendingConfig {
  return { ...config, rpcUrl, rpcAuth: 'none' }
}
