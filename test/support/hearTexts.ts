import { expect } from 'vitest'
import { systemRuntime } from '../../packages/sender/src/index.js'
import { type openChain, toRequest } from './openChain.js'

const mostSignatures = 32

/**
 * A node says these texts in turn, for more than an hour: signatures come to an
 * end, somebody is told, and the nonce is kept until the node takes the bytes.
 */
export async function hearTexts(
  chain: Awaited<ReturnType<typeof openChain>>,
  texts: readonly string[],
): Promise<void> {
  let said = 0
  const { node, rpc } = await chain.start('full-pool', {
    says: () => texts[said++ % texts.length] ?? '',
  })
  const { transactionId } = await chain.newSender({ rpc }).send(toRequest())
  let minutes = 0
  const later = () => ({
    rpc,
    runtime: { ...systemRuntime, now: () => Date.now() + minutes * 60_000 },
  })
  let told: readonly string[] = []
  for (; minutes < 2 * (mostSignatures + 3); minutes += 2) {
    const { notices } = await chain.reconcile(later())
    told = notices.map(({ text }) => text)
  }
  const { attempts, status } = await chain.get(transactionId)
  expect(attempts.length).toBeLessThanOrEqual(mostSignatures)
  expect(status).toBe('signed')
  expect(told.length).toBeGreaterThan(0)
  node.setFull(false)
  await chain.reconcile(later())
  await chain.mine()
  await chain.reconcile(later())
  expect((await chain.get(transactionId)).status).toBe('mined')
  await node.close()
}
