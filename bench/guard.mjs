// What a policy costs: its rules beside one hash, and its windows beside one
// signature, with KMS as far away as in AWS; the home's DynamoDB takes about what
// AWS's does.
import { SigningKey, TransactionRequest } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { createAuthorize, evaluate, parsePolicy } from '@keyward/guard'
import { createWindows } from '@keyward/guard/windows/dynamodb'
import { encodeFunctionData, keccak256, parseAbi } from 'viem'
import { createKey } from './support/createKey.mjs'
import { createTable } from './support/createTable.mjs'
import { start } from './support/fork.mjs'
import { median } from './support/median.mjs'

const kmsMs = 150
const signatures = 30
const tableName = 'guard'
const usdc = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const payee = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'

/** So many rules for tokens, of which the last one allows. */
function createPolicy(count) {
  const day = { asset: 'native', chain: 1, length: 'day' }
  return parsePolicy(
    JSON.stringify({
      version: 1,
      tokens: {
        USDC: {
          ...{ chain: 1, address: usdc, kind: 'erc20' },
          ...{ decimals: 6, symbol: 'USDC' },
        },
      },
      windows: { day: { ...day, limit: `${10n ** 24n}` } },
      rules: Array.from({ length: count }, (_, index) => ({
        id: `pay-${index}`,
        callers: [index === count - 1 ? 'payouts' : `other-${index}`],
        chains: [1],
        call: { to: ['USDC'], functions: ['transfer'] },
        recipients: [payee],
        windows: ['day'],
      })),
    }),
  )
}

const data = encodeFunctionData({
  abi: parseAbi(['function transfer(address to,uint256 amount)']),
  functionName: 'transfer',
  args: [payee, 1n],
})
const toRequest = (nonce) => ({
  kind: 'transaction',
  transaction: TransactionRequest.fromJson({
    ...{ type: 'eip1559', chainId: 1, nonce, gas: 60_000, to: usdc, data },
    ...{ maxFeePerGas: '30000000000', maxPriorityFeePerGas: '1000000000' },
  }),
})

export async function measureGuard(say) {
  say('Policy: 100 rules, and windows beside a signature')
  return { ...measureRules(), ...(await measureWindows()) }
}

function measureRules() {
  const request = toRequest(0)
  const subject = { caller: 'payouts', account: payee }
  const facts = { time: Date.now() }
  const [one, hundred] = [1, 100].map(createPolicy)
  const bytes = new Uint8Array(1024).fill(7)
  const rounds = Array.from({ length: 7 }, () => ({
    one: timeOf(() => evaluate(one, request, subject, facts)),
    hundred: timeOf(() => evaluate(hundred, request, subject, facts)),
    hash: timeOf(() => keccak256(bytes)),
  }))
  const of = (name) => median(rounds.map((round) => round[name]))
  return { oneUs: of('one'), hundredUs: of('hundred'), hashUs: of('hash') }
}

/** Microseconds. */
function timeOf(work, times = 5000) {
  const begin = performance.now()
  for (let time = 0; time < times; time++) work()
  return ((performance.now() - begin) / times) * 1000
}

async function measureWindows() {
  const home = await start('homeServer.mjs')
  const { rpcUrl: _, ...aws } = home.first
  try {
    const keyId = await createKey(aws)
    await createTable(aws, tableName)
    await home.ask({ kmsLatencyMs: kmsMs })
    const windows = createWindows({ ...aws, tableName })
    const open = (authorize) =>
      SigningKey.connect({ service: createKmsClient(aws), keyId, authorize })
    const keys = {
      without: await open(),
      with: await open(createAuthorize({ policy: createPolicy(10), windows })),
    }
    const times = { without: [], with: [] }
    for (let nonce = 0; nonce < signatures; nonce++)
      for (const name of ['without', 'with']) {
        const begin = performance.now()
        await keys[name].sign(toRequest(nonce), {
          context: { caller: 'payouts' },
        })
        times[name].push(performance.now() - begin)
      }
    return { withoutMs: median(times.without), withMs: median(times.with) }
  } finally {
    await home.finish()
  }
}

/** The guard's goals, each with its figure. */
export function guardGoals({ oneUs, hundredUs, hashUs, withMs, withoutMs }) {
  return [
    [
      '99 rules more, against keccak256 of 1 kB (viem)',
      0.2,
      (hundredUs - oneUs) / hashUs,
    ],
    [
      `p50 of a signature with windows against one without (KMS ${kmsMs} ms)`,
      1.1,
      withMs / withoutMs,
    ],
  ]
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const measured = await measureGuard(console.error)
  console.log(measured, guardGoals(measured))
}
