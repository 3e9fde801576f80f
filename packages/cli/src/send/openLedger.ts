import { SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import {
  createLedger,
  createReconciler,
  createRpc,
  createSender,
  Operation,
  SendRequest,
} from '@keyward/sender'
import { connectAws } from '../aws/connectAws.js'
import { InputError } from '../InputError.js'
import { readNetwork } from '../rpc/readNetwork.js'
import { requireRpcUrls } from '../rpc/rpcUrls.js'
import type { Terminal } from '../Terminal.js'
import { assertLedgerWritable } from './assertLedgerWritable.js'
import type { Fields, SenderAccess } from './SenderAccess.js'

export type LedgerOptions = {
  keyId: string
  /** Name of the ledger's table. */
  ledger: string
  network?: string | undefined
  rpcUrl?: string | undefined
}

/** Whose they are in the ledger, beside those of the functions' callers. */
const caller = 'cli'

/**
 * A sender in this process, on a key and a ledger's table. Calls kms:Sign,
 * kms:GetPublicKey, and on the table GetItem, BatchGetItem, PutItem,
 * UpdateItem and Query. What writes asks first whether the table is open to
 * the caller, and signs nothing where it is not.
 */
export async function openLedger(
  terminal: Terminal,
  options: LedgerOptions,
): Promise<SenderAccess> {
  const { keyId } = options
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
    const sender = createSender({ key, rpc, ledger, allowCreation: true })
    const read = (operation: string, fields: Fields) =>
      Operation.fromEvent({ ...fields, operation }, { chainId })
    const of = { caller }
    let writable: Promise<void> | undefined
    const assertWritable = () => {
      writable ??= assertLedgerWritable(connection, options.ledger)
      return writable
    }
    return {
      target,
      label: `this process, ledger ${options.ledger}`,
      status: async () => ({
        address: await key.getAddress(),
        network: network.name,
        chainId,
      }),
      async send(fields) {
        await assertWritable()
        return sender.send(
          SendRequest.fromEvent(fields, { chainId, allowCreation: true }),
          of,
        )
      },
      async get(fields) {
        const request = read('get', fields)
        if (request.operation !== 'get') throw new Error('unreachable')
        return sender.get(request.reference, of)
      },
      async list(fields) {
        const request = read('list', fields)
        if (request.operation !== 'list') throw new Error('unreachable')
        return sender.list(request, of)
      },
      async speedUp(fields) {
        const request = read('speed_up', fields)
        if (request.operation !== 'speed_up') throw new Error('unreachable')
        await assertWritable()
        return sender.speedUp(request.reference, request, of)
      },
      async cancel(fields) {
        const request = read('cancel', fields)
        if (request.operation !== 'cancel') throw new Error('unreachable')
        await assertWritable()
        return sender.cancel(request.reference, of)
      },
      async reconcile() {
        await assertWritable()
        return createReconciler({ key, rpc, ledger }).run()
      },
      close: connection.close,
    }
  } catch (error) {
    connection.close()
    throw error
  }
}
