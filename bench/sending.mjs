// From one key, 2,000 transactions by 32 callers in 4 processes, against what
// KMS, ledger and node allow; beside it viem's wallet client with its nonce
// manager and the AWS SDK, in one process and in four.
import { SigningKey } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { createLedger, createRpc, SendRequest } from '@keyward/sender'
import { createKey } from './support/createKey.mjs'
import { createTable } from './support/createTable.mjs'
import { start } from './support/fork.mjs'
import { median } from './support/median.mjs'

const chainId = 31337
const transactions = 2000
const viemTransactions = 800
const processes = 4
const atOnce = 8
const kmsLatencyMs = 150
const tableName = 'ledger'
const recipients = ['05', '06', '07'].map(
  (end) => `0x00000000000000000000000000000000000bec${end}`,
)

export async function measureSending(say) {
  const home = await start('homeServer.mjs', ['chain'])
  const tables = await start('homeServer.mjs')
  const { rpcUrl, ...kms } = home.first
  const { rpcUrl: _, ...dynamo } = tables.first
  const rpc = createRpc({ urls: [rpcUrl], chainId })
  try {
    // As docs/ledger.md has it.
    await createTable(dynamo, tableName, { open: 'open', caller: 'callerOf' })
    const accounts = []
    for (const to of recipients)
      accounts.push({ to, ...(await createAccount(kms, rpc)) })
    const [ours, one, four] = accounts
    await home.ask({ kmsLatencyMs })
    await rpc.request('evm_setIntervalMining', [1])
    const shared = { kms, dynamo, tableName, rpcUrl, chainId }
    const stats = async () => ({
      ...(await home.ask('stats')),
      ...(await tables.ask('stats')),
    })
    say('Sending: each part alone')
    const alone = await measureParts(shared, ours)
    say(`Sending: ${transactions} transactions, 32 at once, 4 processes`)
    const keyward = await runKeyward({ ...shared, ...ours }, rpc, stats)
    say(`Sending: viem, ${viemTransactions} in one process, then in four`)
    const viem = await runViem({ ...shared, ...one }, 1, rpc)
    const viemFour = await runViem({ ...shared, ...four }, processes, rpc)
    const limit = (processes * atOnce * 1000) / alone.sumMs
    return { alone, keyward, viem, viemFour, limit }
  } finally {
    await home.finish()
    await tables.finish()
  }
}

async function createAccount(kms, rpc) {
  const keyId = await createKey(kms)
  const service = createKmsClient(kms)
  const { address } = await SigningKey.connect({ service, keyId })
  const balance = `0x${(10n ** 21n).toString(16)}`
  await rpc.request('anvil_setBalance', [address, balance])
  return { keyId, address }
}

/** What one transaction waits for KMS, the ledger and the node, one at a time. */
async function measureParts({ kms, dynamo, rpcUrl }, { keyId, address, to }) {
  const service = createKmsClient(kms)
  const digest = new Uint8Array(32).fill(7)
  const kmsMs = await time(10, () => service.signDigest(keyId, digest))

  const ledger = createLedger({ ...dynamo, tableName })
  // Another account, so that the measured one begins at 0.
  const account = { chainId, address: `0x${'aa'.repeat(20)}` }
  await ledger.createHead(account, 0n)
  const raw = `0x02${'ab'.repeat(110)}`
  const ledgerMs = await time(30, async (index) => {
    const request = SendRequest.fromEvent(
      { idempotency_key: `alone-${index}`, dst_address: to, amount: '0' },
      { chainId },
    )
    const id = SendRequest.transactionId('alone', request.idempotencyKey)
    await ledger.accept({
      id,
      account,
      caller: 'alone',
      request,
      requestHash: SendRequest.hash(request, account),
      createdAt: Date.now(),
    })
    const nonce = await ledger.advanceHead(account, 1)
    const claim = await ledger.reserve(account, nonce, id)
    await ledger.bind(id, nonce, claim)
    await ledger.storeAttempt(
      account,
      nonce,
      { owner: id, claim },
      {
        index: 0,
        purpose: 'request',
        raw,
        hash: `0x${'cd'.repeat(32)}`,
        gas: 21_000n,
        maxFeePerGas: 1n,
        maxPriorityFeePerGas: 1n,
        signedAt: Date.now(),
      },
    )
    await ledger.advanceStatus(id, 'sent', `0x${'cd'.repeat(32)}`)
  })

  const rpc = createRpc({ urls: [rpcUrl], chainId })
  const [from] = await rpc.request('eth_accounts')
  const prepareMs = await time(30, () =>
    rpc.request('eth_estimateGas', [{ from: address, to, value: '0x1' }]),
  )
  const sendMs = await time(30, () =>
    rpc.request('eth_sendTransaction', [{ from, to: from, value: '0x0' }]),
  )
  const rpcMs = prepareMs + sendMs
  return { kmsMs, ledgerMs, rpcMs, sumMs: kmsMs + ledgerMs + rpcMs }
}

/** Median of one call's time in ms, after a few to warm up. */
async function time(rounds, work) {
  const times = []
  for (let index = -3; index < rounds; index++) {
    const from = performance.now()
    await work(index + 3)
    if (index >= 0) times.push(performance.now() - from)
  }
  return median(times)
}

async function runKeyward(settings, rpc, stats) {
  const workers = await startWorkers('sendWorker.mjs', settings, processes)
  const before = await balances(rpc, settings)
  // Connections are opened and code is warm before the time is taken.
  await askAll(workers, { prefix: 'warm', count: atOnce, atOnce })
  const first = await stats()
  const from = performance.now()
  const answers = await askAll(workers, {
    prefix: 'run',
    count: transactions / processes,
    atOnce,
  })
  const seconds = (performance.now() - from) / 1000
  const asked = less(await stats(), first)
  for (const { calls } of answers)
    for (const [name, times] of Object.entries(calls))
      asked[name] = (asked[name] ?? 0) + times
  for (const worker of workers) await worker.stop()
  const total = transactions + atOnce * processes
  await untilMined(rpc, settings.address, total)
  const mined = await readChain(rpc, settings)
  const after = await balances(rpc, settings)
  const fees = mined.reduce((sum, { fee }) => sum + fee, 0n)
  return {
    perSecond: transactions / seconds,
    cpuMs: answers.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / transactions,
    calls: Object.fromEntries(
      Object.entries(asked).map(([name, times]) => [
        name,
        times / transactions,
      ]),
    ),
    sent: answers.reduce((sum, { statuses }) => sum + (statuses.sent ?? 0), 0),
    mined: mined.length,
    contiguous: mined.every(({ nonce }, index) => nonce === index),
    exact:
      mined.length === total &&
      after.to - before.to === BigInt(total) &&
      before.from - after.from === BigInt(total) + fees,
  }
}

/** How much more often each was asked for. */
function less(now, before) {
  const grown = Object.entries(now).map(([name, times]) => [
    name,
    times - (before[name] ?? 0),
  ])
  return Object.fromEntries(grown.filter(([, times]) => times > 0))
}

async function runViem(settings, count, rpc) {
  const script = '../peers/viemSender.mjs'
  const workers = await startWorkers(script, settings, count)
  const each = (processes * atOnce) / count
  await askAll(workers, { count: each, atOnce: each })
  const warm = (await readChain(rpc, settings)).length
  const from = performance.now()
  const answers = await askAll(workers, {
    count: viemTransactions / count,
    atOnce: each,
  })
  const seconds = (performance.now() - from) / 1000
  for (const worker of workers) await worker.stop()
  await new Promise((resolve) => setTimeout(resolve, 4000))
  const mined = await readChain(rpc, settings)
  const hashes = answers.flatMap((answer) => answer.hashes)
  const found = new Set(mined.map(({ hash }) => hash))
  const failures = {}
  for (const answer of answers)
    for (const [text, times] of Object.entries(answer.failures))
      failures[text] = (failures[text] ?? 0) + times
  return {
    asked: viemTransactions,
    perSecond: hashes.length / seconds,
    cpuMs: answers.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / hashes.length,
    answered: hashes.length,
    lost: hashes.filter((hash) => !found.has(hash)).length,
    mined: mined.length - warm,
    failures,
  }
}

function startWorkers(script, settings, count) {
  const argv = [JSON.stringify(settings)]
  return Promise.all(Array.from({ length: count }, () => start(script, argv)))
}

function askAll(workers, message) {
  return Promise.all(
    workers.map((worker, index) =>
      worker.ask({ ...message, prefix: `${message.prefix}-${index}` }),
    ),
  )
}

async function balances(rpc, { address, to }) {
  const read = async (account) =>
    BigInt(await rpc.request('eth_getBalance', [account, 'latest']))
  return { from: await read(address), to: await read(to) }
}

async function untilMined(rpc, address, count) {
  const end = Date.now() + 60_000
  while (Date.now() < end) {
    const params = [address, 'latest']
    const mined = await rpc.request('eth_getTransactionCount', params)
    if (Number(mined) >= count) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The account's transactions in the chain, by nonce. */
async function readChain(rpc, { address }) {
  const last = Number(await rpc.request('eth_blockNumber'))
  const found = []
  for (let block = 0; block <= last; block++) {
    const tag = `0x${block.toString(16)}`
    const receipts = await rpc.request('eth_getBlockReceipts', [tag])
    const own = receipts.filter(({ from }) => from === address.toLowerCase())
    if (own.length === 0) continue
    const params = [tag, true]
    const { transactions } = await rpc.request('eth_getBlockByNumber', params)
    const nonces = new Map(transactions.map((one) => [one.hash, one.nonce]))
    for (const { transactionHash, gasUsed, effectiveGasPrice } of own)
      found.push({
        hash: transactionHash,
        nonce: Number(nonces.get(transactionHash)),
        fee: BigInt(gasUsed) * BigInt(effectiveGasPrice),
      })
  }
  return found.sort((a, b) => a.nonce - b.nonce)
}
