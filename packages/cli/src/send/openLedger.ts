import { SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import {
  createLedger,
  createReconciler,
  createRpc,
  createSender,
  type GetWire,
  type ListWire,
  Operation,
  perform,
  ReconcilerOperation,
  type ReportWire,
  type SendWire,
} from '@keyward/sender'
import { connectAws } from '../aws/connectAws.js'
import { InputError } from '../InputError.js'
import { readNetwork } from '../rpc/readNetwork.js'
import { requireRpcUrls } from '../rpc/rpcUrls.js'
import type { Terminal } from '../Terminal.js'
import type { Fields, SenderAccess } from './SenderAccess.js'

export type LedgerOptions = {
  keyId: string
  /** Name of the ledger's table. */
  ledger: string
  network?: string | undefined
  rpcUrl?: string | undefined
  /** The account's count, where the ledger is new: see NEW_LEDGER. */
  newLedger?: bigint | 'any' | undefined
}

/** Whose they are in the ledger, beside those of the functions' callers. */
const caller = 'cli'
/** Whoever holds the credentials could sign anything. */
const allowCreation = true

/**
 * A sender in this process, on a key and a ledger's table. Calls kms:Sign,
 * kms:GetPublicKey, and on the table GetItem, BatchGetItem, PutItem,
 * UpdateItem and Query.
 */
export async function openLedger(
  terminal: Terminal,
  options: LedgerOptions,
): Promise<SenderAccess> {
  const { keyId, newLedger } = options
  const named = options.network ?? terminal.env.ETH_NETWORK
  const network = readNetwork(named)
  if (network === undefined)
    throw new InputError(
      named === undefined ? 'No network is named.' : 'The network is unknown.',
      {
        details:
          'Give --network with a name such as sepolia, or a chain id, or set ETH_NETWORK.',
      },
    )
  const urls = requireRpcUrls(terminal, options.rpcUrl)
  const { chainId } = network
  const connection = await connectAws(terminal, { keyId })
  try {
    const { kms, target, region } = connection
    const key = SigningKey.open({ service: fromSdk(kms), keyId })
    const rpc = createRpc({ urls, chainId })
    const ledger = createLedger({
      tableName: options.ledger,
      region,
      credentials: () => kms.config.credentials(),
      ...(target.kind === 'local' && { endpoint: target.endpoint }),
    })
    const sender = createSender({ key, rpc, ledger, allowCreation, newLedger })
    const reconciler = createReconciler({ key, rpc, ledger, allowCreation })
    const limits = { chainId, allowCreation }
    /** As the sender function reads its events. */
    const ask = (operation: string, fields: Fields) =>
      perform(
        sender,
        Operation.fromEvent(
          { ...fields, operation },
          limits,
        ) as Operation.Operation & { operation: 'send' },
        { caller },
      )
    const administer = (operation: string, fields: Fields = {}) =>
      ReconcilerOperation.perform(
        reconciler,
        ReconcilerOperation.fromEvent({ ...fields, operation }),
        {},
      )
    return {
      target,
      label: `this process, ledger ${options.ledger}`,
      status: async () => ({
        address: await key.getAddress(),
        network: network.name,
        chainId,
      }),
      send: (fields) => ask('send', fields),
      get: (fields) =>
        ask('get', fields) as Promise<unknown> as Promise<GetWire>,
      list: (fields) =>
        ask('list', fields) as Promise<unknown> as Promise<ListWire>,
      speedUp: (fields) => ask('speed_up', fields),
      cancel: (fields) => ask('cancel', fields),
      reconcile: () => administer('reconcile') as Promise<ReportWire>,
      repair: (fields) =>
        administer('repair', fields) as Promise<ReconcilerOperation.RepairWire>,
      adopt: (fields) => administer('adopt', fields) as Promise<SendWire>,
      close: connection.close,
    }
  } catch (error) {
    connection.close()
    throw error
  }
}
