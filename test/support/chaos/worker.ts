// A process of its own, to be killed: a sender that takes requests from its
// parent, or a reconciler that runs again and again.
import { setTimeout as sleep } from 'node:timers/promises'
import { SigningKey } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import {
  createLedger,
  createReconciler,
  createRpc,
  createSender,
  SendRequest,
} from '@keyward/sender'
import type { WorkerSettings } from './startWorker.js'

const tell = (message: object) => process.send?.(message)
// A parent that is killed leaves nothing behind.
process.on('disconnect', () => process.exit(0))

process.once('message', async (settings: WorkerSettings) => {
  const { aws, keyId, address, tableName, rpcUrl, chainId } = settings
  const key = SigningKey.open({
    service: createKmsClient(aws),
    keyId,
    expectedAddress: address,
  })
  const ledger = createLedger({ ...aws, tableName })
  const rpc = createRpc({ urls: [rpcUrl], chainId, timeoutMs: 1000 })
  if (settings.role === 'sender') {
    const sender = createSender({ key, ledger, rpc })
    process.on('message', async (job: Job) => {
      const deadline = Date.now() + 4000
      try {
        const answer =
          job.operation === 'cancel'
            ? await sender.cancel({ idempotencyKey: job.key }, { deadline })
            : await sender.send(SendRequest.fromEvent(job.event, { chainId }), {
                deadline,
              })
        tell({ job, answer })
      } catch (error) {
        tell({ job, error: (error as { code?: string }).code ?? String(error) })
      }
    })
    tell({ ready: true })
    return
  }
  const reconciler = createReconciler({ key, ledger, rpc, ...settings.timing })
  tell({ ready: true })
  for (;;) {
    try {
      tell({
        report: await reconciler.run({ deadline: Date.now() + settings.runMs }),
      })
    } catch (error) {
      tell({ error: String((error as Error).message) })
    }
    await sleep(200)
  }
})

export type Job =
  | { operation: 'send'; key: string; event: Record<string, unknown> }
  | { operation: 'cancel'; key: string }
