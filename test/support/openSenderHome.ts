import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SigningKey, Transaction } from '../../packages/core/src/index.js'
import { createKmsClient } from '../../packages/core/src/kms/index.js'
import { createLocalHome } from '../../packages/local/src/index.js'
import {
  createLedger,
  createReconciler,
  createRpc,
  createSender,
  type ReconcilerOptions,
  type SenderOptions,
  SendRequest,
} from '../../packages/sender/src/index.js'
import { createKmsKey } from './createKmsKey.js'
import { callDynamo, ledgerTable } from './ledgerTable.js'
import { startAnvil } from './startAnvil.js'

export type SenderHome = Awaited<ReturnType<typeof openSenderHome>>

export const chainId = 31337
const ether = 10n ** 18n

/** KMS, DynamoDB with the ledger's table, anvil, and a key with 100 ether. */
export async function openSenderHome(anvilArgs: readonly string[] = []) {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward sender '))
  const home = await createLocalHome({ dataDir, port: 0, chain: false })
  const anvil = await startAnvil(anvilArgs)
  const { endpoint, region } = home
  const credentials = home.credentials('root')
  const aws = { endpoint, region, credentials }
  const keyId = await createKmsKey(aws)
  const tableName = 'ledger'
  await callDynamo(aws, 'CreateTable', ledgerTable(tableName))
  const service = createKmsClient(aws)
  const key = await SigningKey.connect({ service, keyId })
  const address = key.address.toLowerCase() as `0x${string}`
  await anvil.setBalance(address, 100n * ether)
  const ledger = createLedger({ ...aws, tableName })
  const rpc = createRpc({ urls: [anvil.url], chainId })
  return {
    home,
    anvil,
    aws,
    keyId,
    key,
    service,
    address,
    tableName,
    ledger,
    rpc,
    account: { chainId, address },
    newLedger: () => createLedger({ ...aws, tableName }),
    /** As another process has it: nothing but the table is shared. */
    newSender: (options: Partial<SenderOptions> = {}) =>
      createSender({
        key,
        ledger: createLedger({ ...aws, tableName }),
        rpc,
        ...options,
      }),
    /** As a process of its own, which waits for nothing. */
    reconcile: (options: Partial<ReconcilerOptions> = {}) =>
      createReconciler({
        key,
        rpc,
        ledger: createLedger({ ...aws, tableName }),
        confirmations: 1,
        allowCreation: true,
        graceMs: 0,
        resendAfterMs: 0,
        ...options,
      }).run(),
    /** Whether the node has it, in its pool or in a block. */
    isKnown: async (hash: string | null | undefined) =>
      (await anvil.call('eth_getTransactionByHash', [hash])) !== null,
    /** As a process that died right after it had accepted a request. */
    async acceptOnly(request: SendRequest.SendRequest, createdAt = Date.now()) {
      const account = { chainId, address }
      const { transaction } = await ledger.accept({
        id: SendRequest.transactionId('*library', request.idempotencyKey),
        caller: '*library',
        account,
        request,
        requestHash: SendRequest.hash(request, account),
        createdAt,
      })
      return transaction
    },
    /** By the same key, and unknown to the ledger. */
    signElsewhere: (nonce: bigint) =>
      Transaction.sign(key, {
        type: 'legacy',
        chainId,
        nonce,
        to: `0x${'77'.repeat(20)}`,
        value: 5n,
        data: '0x',
        gas: 21_000n,
        gasPrice: 90_000_000_000n,
      }),
    putItem: (Item: object) =>
      callDynamo(aws, 'PutItem', { TableName: tableName, Item }),
    signs: () => home.stats().operations['kms:Sign'] ?? 0,
    async close() {
      await anvil.stop('SIGKILL')
      await home.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

let counter = 0
/** A request as an event has it, read. */
export const toRequest = (fields: Record<string, unknown> = {}) =>
  SendRequest.fromEvent(
    {
      idempotency_key: `key-${++counter}`,
      dst_address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      value_wei: '1',
      ...fields,
    },
    { chainId, allowCreation: true },
  )
