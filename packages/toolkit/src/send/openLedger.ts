import { SigningKey } from '@keyward/core'
import type { Pkcs11Service } from '@keyward/core/pkcs11'
import { fromSdk } from '@keyward/core/sdk'
import {
  createLedger,
  createReconciler,
  createRpc,
  createSender,
  Operation,
  perform,
  ReconcilerOperation,
  type ReportWire,
  type SendWire,
} from '@keyward/sender'
import { connectAws } from '../aws/connectAws.js'
import type { Io } from '../Io.js'
import { splitUrls } from '../node/rpcUrls.js'
import { assertLedgerWritable } from './assertLedgerWritable.js'
import { confirmNewLedger } from './confirmNewLedger.js'
import { readLimits } from './readLimits.js'
import type { Sender } from './readSender.js'
import type { Fields, SenderAccess } from './SenderAccess.js'

/**
 * The name under which the ledger records these transactions, alongside the
 * functions' callers.
 */
const caller = 'cli'
type Asked = Exclude<Operation.Operation, { operation: 'status' }>

/** No limits apply: anyone with these credentials can sign anything anyway. */
const allowCreation = true

/**
 * Opens a sender in this process, with a KMS or token key and a ledger's table.
 * Calls kms:Sign, kms:GetPublicKey, and on the table GetItem, BatchGetItem,
 * PutItem, UpdateItem and Query. Writing operations first check that the caller
 * may write to the table, and otherwise sign nothing.
 */
export async function openLedger(
  io: Io,
  options: Exclude<Sender, { ledger: undefined }>,
): Promise<SenderAccess> {
  const { keyId, network, urls, yes } = options
  const { chainId } = network
  const limits = readLimits(io)
  const { token } = options
  const connection = await connectAws(io, token ? {} : { keyId })
  let tokenService: Pkcs11Service | undefined
  const close = () => {
    connection.close()
    void tokenService?.close()
  }
  try {
    const { kms, target, region } = connection
    if (token !== undefined) {
      const { createPkcs11Service } = await import('@keyward/core/pkcs11')
      tokenService = await createPkcs11Service(token)
    }
    const service = tokenService ?? fromSdk(kms)
    const key = SigningKey.open({ service, keyId })
    const rpc = createRpc({ urls, chainId })
    const sendUrls = splitUrls(io.env.SEND_RPC_URL)
    const sendRpc = sendUrls && createRpc({ urls: sendUrls, chainId })
    const ledger = createLedger({
      tableName: options.ledger,
      region,
      credentials: () => kms.config.credentials(),
      ...(target.kind === 'local' && { endpoint: target.endpoint }),
    })
    const newLedger = await confirmNewLedger(io, {
      ...{ given: options.newLedger, target, table: options.ledger, yes },
      ...{ rpc, address: () => key.getAddress() },
    })
    const parts = { key, rpc, sendRpc, ledger, allowCreation, ...limits }
    const sender = createSender({ ...parts, newLedger })
    const reconciler = createReconciler(parts)
    let writable: Promise<void> | undefined
    const assertWritable = () => {
      writable ??= assertLedgerWritable(connection, options.ledger)
      return writable
    }
    /** Parses events as the sender function does. */
    const ask = <name extends Asked['operation']>(
      operation: name,
      fields: Fields,
    ) => {
      const event = { ...fields, operation }
      const asked = Operation.fromEvent(event, { chainId, allowCreation })
      return perform(sender, asked as Asked & { operation: name }, { caller })
    }
    const administer = async (operation: string, fields: Fields = {}) => {
      await assertWritable()
      const event = { ...fields, operation }
      const asked = ReconcilerOperation.fromEvent(event)
      return ReconcilerOperation.perform(reconciler, asked, {})
    }
    return {
      target,
      label: `this process (ledger ${options.ledger})`,
      status: async () => ({
        address: await key.getAddress(),
        network: network.name,
        chainId,
        hasPolicy: false,
      }),
      async send(fields) {
        await assertWritable()
        return ask('send', fields)
      },
      get: (fields) => ask('get', fields),
      list: (fields) => ask('list', fields),
      async speedUp(fields) {
        await assertWritable()
        return ask('speed_up', fields)
      },
      async cancel(fields) {
        await assertWritable()
        return ask('cancel', fields)
      },
      reconcile: () => administer('reconcile') as Promise<ReportWire>,
      repair: (fields) =>
        administer('repair', fields) as Promise<ReconcilerOperation.RepairWire>,
      adopt: (fields) => administer('adopt', fields) as Promise<SendWire>,
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}
