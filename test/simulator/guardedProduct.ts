import { SigningKey } from '../../packages/core/src/index.js'
import {
  createGuard,
  type Guard,
  parsePolicy,
} from '../../packages/guard/src/index.js'
import { createWindows } from '../../packages/guard/src/windows/createWindows.js'
import { GuardTimeoutError } from '../../packages/guard/src/windows/errors.js'
import { createStore } from '../../packages/guard/src/windows/memory/createStore.js'
import type { Store } from '../../packages/guard/src/windows/Store.js'
import { createReconciler } from '../../packages/sender/src/createReconciler.js'
import { createSender } from '../../packages/sender/src/createSender.js'
import type { Schedule } from './createSchedule.js'
import type { Parts, Product } from './Product.js'
import { createRandom, type Random } from './random.js'
import { senderProduct, toOptions, toSimSender } from './senderProduct.js'

/** What the guard let the key sign, and when. */
export type Allowed = { nonce: number; cost: bigint; atMs: number }

export type GuardItems = NonNullable<Parameters<typeof createStore>[1]>

/** What a schedule's processes share beside the ledger. */
type Shared = {
  items: GuardItems
  /** Of the windows' table. */
  tableName: string
  random: Random
  allowed: Allowed[]
  limit: bigint
}
const shared = new WeakMap<Schedule, Shared>()

/** Half of what a schedule may spend at most, so that windows refuse some. */
export function sharedOf(schedule: Schedule): Shared {
  const known = shared.get(schedule)
  if (known !== undefined) return known
  const values = schedule.requests.reduce((sum, { value }) => sum + value, 0n)
  const fees = BigInt(schedule.requests.length) * schedule.caps.maxTxFee
  const fresh: Shared = {
    items: new Map(),
    tableName: 'guard-0',
    random: createRandom(schedule.seed ^ 0x6a4d),
    allowed: [],
    limit: (values + fees / 20n) / 2n,
  }
  shared.set(schedule, fresh)
  return fresh
}

/** The same product, whose key asks a policy that counts what is spent. */
export const guardedProduct: Product = {
  ...senderProduct,
  openSender: (parts) => toSimSender(createSender(guard(parts))),
  openReconciler(parts) {
    const options = guard(parts)
    const reconciler = createReconciler(options)
    return {
      async run() {
        const done = await reconciler.run()
        await options.guard.recover()
        return done
      },
      repair: () => reconciler.repair(),
    }
  },
}

function guard(parts: Parts) {
  const { runtime, kms, keyArn, schedule } = parts
  const { allowed } = sharedOf(schedule)
  const guard = openGuard(parts, () => key.getAddress())
  const key: SigningKey.LazySigningKey = SigningKey.open({
    ...{ service: kms, keyId: keyArn },
    async authorize(request, context) {
      const { denial, decision } = await guard.authorize(request, context)
      if (denial !== undefined) throw new SigningKey.NotAuthorizedError(denial)
      const isCounted = decision.rule !== undefined
      if (!isCounted || request.kind !== 'transaction') return
      const { transaction } = request
      const { nonce, gas, value } = transaction
      const price =
        'gasPrice' in transaction
          ? transaction.gasPrice
          : transaction.maxFeePerGas
      const cost = value + gas * price
      allowed.push({ nonce: Number(nonce), cost, atMs: parts.tableNow() })
    },
  })
  const preview: Guard['preview'] = guard.preview
  return {
    ...toOptions(parts),
    key,
    runtime,
    guard: {
      async preview(...all: Parameters<Guard['preview']>) {
        const { denial } = await preview(...all)
        if (denial !== undefined)
          throw new SigningKey.NotAuthorizedError(denial)
      },
      release: guard.release,
      compare: guard.compare,
      recover: guard.recover,
    },
  }
}

function openGuard(parts: Parts, getAccount: () => Promise<`0x${string}`>) {
  const { runtime, schedule } = parts
  const { limit } = sharedOf(schedule)
  const chain = schedule.chainId
  const day = { asset: 'native', chain, length: 'hour', limit: `${limit}` }
  const rule = { chains: [chain], windows: ['spend'] }
  const to = schedule.requests.map((one) => one.to.toLowerCase())
  const policy = parsePolicy(
    JSON.stringify({
      version: 1,
      windows: { spend: day },
      rules: [
        { id: 'pay', ...rule, payment: {} },
        {
          ...{ id: 'call', ...rule },
          call: { to: [...new Set(to)], functions: 'any', spends: [] },
        },
      ],
    }),
  )
  return createGuard({
    ...{ policy, getAccount, now: runtime.now, version: '1' },
    windows: createWindows(toFaulty(parts), runtime),
  })
}

/** Answers take time, and some get lost. */
function toFaulty({ runtime, schedule, tableNow }: Parts): Store {
  const { items, random, tableName } = sharedOf(schedule)
  const store = createStore(() => Math.floor(tableNow() / 1000) * 1000, items)
  const slow =
    <answer>(call: () => Promise<answer>) =>
    async () => {
      await runtime.sleep(1 + random.below(15))
      const answer = await call()
      await runtime.sleep(1 + random.below(15))
      if (random.chance(0.01)) throw new GuardTimeoutError('memory', 1000)
      return answer
    }
  return {
    host: store.host,
    table: tableName,
    get: (...all) => slow(() => store.get(...all))(),
    list: (...all) => slow(() => store.list(...all))(),
    create: (...all) => slow(() => store.create(...all))(),
    replace: (...all) => slow(() => store.replace(...all))(),
    update: (...all) => slow(() => store.update(...all))(),
  }
}
