import {
  Operation,
  perform,
  ReconcilerOperation,
  RpcTimeoutError,
} from '@keyward/sender'
import type { SigningKey } from '../../../packages/core/src/index.js'
import { openSenderParts } from '../senderParts.js'
import type { Door } from './libraryDoors.js'

/** Sends one request with the key, on a chain and a ledger in memory. */
async function openSender(key: SigningKey.SigningKey) {
  const parts = await openSenderParts()
  const sender = parts.newSender({ key })
  return { parts, sender, reconciler: parts.newReconciler({ key }) }
}

/** With a request that the sender could not ask its node about. */
async function openReconciler(key: SigningKey.SigningKey) {
  const { sender, reconciler, parts } = await openSender(key)
  parts.node.lies.eth_estimateGas = () => {
    throw new RpcTimeoutError('https://node', 5)
  }
  await sender.send(parts.request('one'), by)
  delete parts.node.lies.eth_estimateGas
  parts.pass(60_000)
  return reconciler
}

const by = { caller: 'payroll' }
const event = {
  operation: 'send',
  idempotency_key: 'one',
  dst_address: `0x${'77'.repeat(20)}`,
  value_wei: '5',
}

/** All of the sender that a key is handed to. */
export const senderDoors: Record<string, Door> = {
  '@keyward/sender createSender': async (key) => {
    const { sender, parts } = await openSender(key)
    return sender.send(parts.request('one'), by)
  },
  '@keyward/sender perform': async (key) => {
    const { sender } = await openSender(key)
    const limits = { chainId: 31337, allowCreation: false }
    return perform(sender, Operation.fromEvent(event, limits) as never, by)
  },
  '@keyward/sender createReconciler': async (key) =>
    (await openReconciler(key)).run(),
  '@keyward/sender ReconcilerOperation.perform': async (key) => {
    const asked = { operation: 'reconcile' } as const
    return ReconcilerOperation.perform(await openReconciler(key), asked, {})
  },
}
