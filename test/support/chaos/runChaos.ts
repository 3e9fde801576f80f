import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createReconciler,
  createSender,
  SendRequest,
} from '../../../packages/sender/src/index.js'
import { chainId, openSenderHome } from '../openSenderHome.js'
import { createRandom } from './random.js'
import { startFaultyProxy } from './startFaultyProxy.js'
import {
  bundleWorker,
  startWorker,
  type WorkerSettings,
} from './startWorker.js'
import type { Job } from './worker.js'

const timing = {
  confirmations: 2,
  stuckAfterMs: 3000,
  resendAfterMs: 1000,
  graceMs: 1500,
  fillAfterMs: 2000,
  suspectMs: 2000,
}
const recipient = '0x00000000000000000000000000000000000c4a05'
const atOnce = 6

/** How one request ended. */
export type End = {
  key: string
  status: string
  reason: string | undefined
  /** How often the chain has paid it. */
  paid: number
}

/**
 * Senders, reconcilers and the chain killed, put to sleep and started at random,
 * under faults of RPC and KMS; then the reconciler alone.
 */
export async function runChaos(options: { seed: number; seconds: number }) {
  const { seed, seconds } = options
  const random = createRandom(seed)
  const folder = await mkdtemp(join(tmpdir(), 'keyward chaos '))
  const state = ['--state', join(folder, 'chain.json')]
  const home = await openSenderHome(['--block-time', '1', ...state])
  const proxy = await startFaultyProxy(home.anvil.url, random)
  const file = await bundleWorker()
  const settings: Omit<WorkerSettings, 'role'> = {
    aws: home.aws,
    keyId: home.keyId,
    address: home.address,
    tableName: home.tableName,
    rpcUrl: proxy.url,
    chainId,
    // A short run would wait for a lease longer than it lasts.
    runMs: Math.min(8000, seconds * 1000),
    timing,
  }
  const tally = { kills: 0, pauses: 0, restarts: 0, requests: 0, reports: 0 }

  // Callers: each request is repeated until it is answered with a hash.
  const values = new Map<string, bigint>()
  const waiting: Job[] = []
  const answered = new Set<string>()
  const refused = new Map<string, string>()
  const invent = (): Job => {
    const key = `chaos-${seed}-${tally.requests}`
    const value = 1_000_000n + BigInt(tally.requests++)
    values.set(key, value)
    const expires = random.chance(0.08)
    const event = {
      idempotency_key: key,
      dst_address: recipient,
      value_wei: String(value),
      ...(expires && {
        valid_until: Math.floor(Date.now() / 1000) + 1 + random.below(4),
      }),
    }
    return { operation: 'send', key, event }
  }

  async function startSender() {
    const own = new Map<string, Job>()
    let alive = true
    const worker = await startWorker(
      file,
      { ...settings, role: 'sender' },
      (message) => {
        const { job, answer, error } = message as {
          job?: Job
          answer?: { signed_tx_hash: string | null }
          error?: string
        }
        if (job === undefined) return
        own.delete(job.key)
        if (job.operation === 'cancel') return
        if (answer?.signed_tx_hash != null) answered.add(job.key)
        else if (error === undefined) {
          // Accepted: the reconciler goes on with it; some ask again.
          answered.add(job.key)
          if (random.chance(0.5)) waiting.push(job)
        } else if (['request-expired', 'would-fail'].includes(error))
          refused.set(job.key, error)
        else waiting.push(job)
      },
    )
    const feed = async () => {
      while (alive) {
        while (own.size < atOnce) {
          const again = waiting.shift()
          const job = again ?? invent()
          own.set(job.key, job)
          worker.send(job)
          if (job.operation === 'send' && random.chance(0.05))
            worker.send({ operation: 'cancel', key: job.key })
        }
        await sleep(100)
      }
    }
    const feeding = feed()
    return {
      pause: worker.pause,
      async kill() {
        alive = false
        await worker.kill()
        await feeding
        // Its callers hear nothing, and ask again.
        waiting.push(...own.values())
      },
    }
  }
  const startReconciler = () =>
    startWorker(file, { ...settings, role: 'reconciler' }, () => {
      tally.reports++
    })

  const senders = await Promise.all([startSender(), startSender()])
  const reconcilers = await Promise.all([startReconciler(), startReconciler()])
  proxy.share = 0.25
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    await sleep(200 + random.below(800))
    const dice = random.next()
    if (dice < 0.4) {
      const index = random.below(senders.length)
      await senders[index]?.kill()
      tally.kills++
      senders[index] = await startSender()
    } else if (dice < 0.55) {
      const index = random.below(reconcilers.length)
      await reconcilers[index]?.kill()
      tally.kills++
      reconcilers[index] = await startReconciler()
    } else if (dice < 0.65) {
      random
        .pick([...senders, ...reconcilers])
        .pause(500 + random.below(14_000))
      tally.pauses++
    } else if (dice < 0.75) {
      await home.anvil.stop()
      await sleep(random.below(1500))
      await home.anvil.start()
      tally.restarts++
    } else if (dice < 0.85)
      home.home.setFaults({
        kmsThrottle: random.pick([0, 5, 20]),
        kmsErrorRate: random.pick([0, 0.3]),
        kmsLatencyMs: random.pick([0, 50, 400]),
      })
    else
      await home.anvil
        .call('anvil_setNextBlockBaseFeePerGas', [
          `0x${(1_000_000_000 * (1 + random.below(20))).toString(16)}`,
        ])
        .catch(() => {})
  }
  await Promise.all([...senders, ...reconcilers].map((one) => one.kill()))
  home.home.setFaults({ kmsThrottle: 0, kmsErrorRate: 0, kmsLatencyMs: 0 })
  proxy.share = 0

  // From here on, the reconciler alone.
  const reconciler = createReconciler({
    key: home.key,
    ledger: home.newLedger(),
    rpc: home.rpc,
    ...timing,
  })
  const sender = createSender({
    key: home.key,
    ledger: home.newLedger(),
    rpc: home.rpc,
  })
  const accepted = async () => {
    const ids = [...values.keys()].map((key) =>
      SendRequest.transactionId('*library', key),
    )
    return (await home.ledger.getOutlines(ids)).transactions
  }
  const settleBy = Date.now() + 120_000
  let notices: unknown[] = []
  for (;;) {
    const report = await reconciler.run()
    notices = report.notices
    if (!report.skipped && report.counts.open === 0) {
      const open = (await accepted()).filter(({ final }) => !final)
      if (open.length === 0) break
    }
    if (Date.now() > settleBy) break
    await sleep(300)
  }

  const paid = await readChain(home)
  const ends: End[] = []
  const attempts = new Set<string>()
  const head = await home.ledger.getHead(home.account)
  for (const row of await home.ledger.listNonces(
    home.account,
    0n,
    head?.next ?? 0n,
  ))
    for (const { hash } of row.attempts) attempts.add(hash)
  const records = await accepted()
  for (const record of records)
    ends.push({
      key: record.request.idempotencyKey,
      status: record.final ? record.status : `${record.status} (not final)`,
      reason: record.reason?.code,
      paid: paid.filter(({ value }) => value === record.request.value).length,
    })
  const known = new Set(records.map(({ request }) => request.idempotencyKey))
  const result = {
    seed,
    ...tally,
    calls: proxy.calls,
    faults: proxy.faults,
    ends,
    notices,
    /** Answered to a caller, and not in the ledger. */
    lost: [...answered].filter((key) => !known.has(key)),
    /** Refused before they were accepted, and yet in a block. */
    refusedButPaid: [...refused.keys()].filter((key) =>
      paid.some(({ value }) => value === values.get(key) && !known.has(key)),
    ),
    /** In a block, and not in the ledger. */
    unknown: paid.filter(({ hash }) => !attempts.has(hash)),
    mined: paid.length,
  }
  // A sender afterwards works as if nothing had been.
  const after = await sender.send(
    SendRequest.fromEvent(
      { idempotency_key: `after-${seed}`, dst_address: recipient, amount: '0' },
      { chainId },
    ),
  )
  await proxy.close()
  await home.close()
  await rm(folder, { recursive: true, force: true })
  await rm(dirname(file), { recursive: true, force: true })
  return { ...result, after: after.status }
}

/** Every transaction of the account, from every block. */
async function readChain(home: Awaited<ReturnType<typeof openSenderHome>>) {
  const last = Number(await home.anvil.call('eth_blockNumber'))
  const found: { hash: string; value: bigint; nonce: number }[] = []
  for (let block = 0; block <= last; block++) {
    const { transactions } = (await home.anvil.call('eth_getBlockByNumber', [
      `0x${block.toString(16)}`,
      true,
    ])) as { transactions: Record<string, string>[] }
    for (const { from, hash, value, nonce } of transactions)
      if (from === home.address)
        found.push({
          hash: String(hash),
          value: BigInt(value ?? 0),
          nonce: Number(nonce),
        })
  }
  return found
}
