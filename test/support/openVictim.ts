import { SigningKey, Transaction } from '../../packages/core/src/index.js'
import {
  createLedger,
  createReconciler,
  createSender,
  type ReconcilerOptions,
  type Report,
  type SenderOptions,
  SendRequest,
} from '../../packages/sender/src/index.js'
import { createKmsKey } from './createKmsKey.js'
import { chainId, type SenderHome, toRequest } from './openSenderHome.js'
import { createTableEnemy } from './tableEnemy.js'

export type Victim = Awaited<ReturnType<typeof openVictim>>

export const thief = `0x${'de'.repeat(20)}` as const

/** An account of its own on the home's chain and table, and who attacks it. */
export async function openVictim(home: SenderHome) {
  const keyId = await createKmsKey(home.aws)
  const key = await SigningKey.connect({ service: home.service, keyId })
  const address = key.address.toLowerCase() as `0x${string}`
  await home.anvil.setBalance(address, 100n * 10n ** 18n)
  const account = { chainId, address }
  const newLedger = (tableName = home.tableName) =>
    createLedger({ ...home.aws, tableName })
  const newSender = (options: Partial<SenderOptions> = {}) =>
    createSender({ key, ledger: newLedger(), rpc: home.rpc, ...options })
  const newReconciler = (options: Partial<ReconcilerOptions> = {}) =>
    createReconciler({
      key,
      rpc: home.rpc,
      ledger: newLedger(),
      confirmations: 1,
      graceMs: 0,
      resendAfterMs: 0,
      fillAfterMs: 0,
      suspectMs: 0,
      ...options,
    })
  /** The row of a request that was accepted, and of which nobody has heard. */
  const toAccepted = (request = toRequest(), caller = '*library') => ({
    id: SendRequest.transactionId(caller, request.idempotencyKey),
    caller,
    account,
    request,
    requestHash: SendRequest.hash(request, account),
    createdAt: Date.now() - 10_000,
  })
  const sender = newSender()
  return {
    key,
    address,
    account,
    newLedger,
    newSender,
    newReconciler,
    toAccepted,
    enemy: createTableEnemy(home, account),
    send: (request = toRequest()) => sender.send(request),
    /** By a process that has seen nothing yet. */
    get: (transactionId: string) => newSender().get({ transactionId }),
    list: () => newSender().list({ limit: 100 }),
    reconcile: (options: Partial<ReconcilerOptions> = {}) =>
      newReconciler(options).run(),
    async accept(request = toRequest()) {
      const ledger = newLedger()
      return (await ledger.accept(toAccepted(request))).transaction
    },
    /** As a process that died after it had bound a nonce. */
    async reserve(request = toRequest()) {
      home.home.setFaults({ kmsErrorRate: 1 })
      const { transactionId, nonce } = await sender.send(request)
      home.home.setFaults({ kmsErrorRate: 0 })
      return { id: transactionId, nonce: nonce as number }
    },
    /** By the same key, and unknown to the ledger. */
    signElsewhere: (
      nonce: number | bigint,
      fields: Partial<{
        to: `0x${string}`
        value: bigint
        chainId: number
        gasPrice: bigint
      }> = {},
    ) =>
      Transaction.sign(key, {
        type: 'legacy',
        chainId,
        nonce: BigInt(nonce),
        to: `0x${'77'.repeat(20)}`,
        value: 5n,
        data: '0x',
        gas: 21_000n,
        gasPrice: 90_000_000_000n,
        ...fields,
      }),
    count: () => home.anvil.count(address),
  }
}

/** Its notices of a type, in one text. */
export function textOf({ notices }: Report, type: string): string {
  return notices
    .filter((one) => one.type === type)
    .map(({ text }) => text)
    .join('\n')
}
