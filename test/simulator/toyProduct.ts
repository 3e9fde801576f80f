import { SigningKey, Transaction } from '../../packages/core/src/index.js'
import type { Planned } from './createSchedule.js'
import type { Parts, Product, SimSender, Told } from './Product.js'
import type { Item } from './seams.js'

type Hex = `0x${string}`

const gwei = 10n ** 9n
const graceMs = 15_000
const head = { pk: 'head', sk: 'head' }
const rowOf = (key: string) => ({ pk: `tx#${key}`, sk: 'tx' })
const text = (item: Item | undefined, name: string) =>
  (item?.[name] as { S?: string } | undefined)?.S

/**
 * A sender of a hundred lines, to try the simulator on. It keeps its promise
 * while nothing fails. With `careless` it signs again, with another nonce,
 * whatever it is asked for twice.
 */
export function toyProduct(manners: 'careful' | 'careless'): Product {
  return {
    openSender: (parts) => open(parts, manners),
    openReconciler: (parts) => {
      const toy = open(parts, manners)
      return { run: toy.run, repair: async () => ({ complete: true }) }
    },
    storeErrors: {
      timeout: () => new Error('ledger timeout'),
      throttled: (operation) => new Error(`${operation} throttled`),
    },
  }
}

function open(
  parts: Parts,
  manners: 'careful' | 'careless',
): SimSender & { run(): Promise<unknown> } {
  const { store, kms, keyArn, schedule, runtime } = parts
  const { chainId } = schedule
  const exchanges = parts.urls.map((url) =>
    parts.createExchange(new URL(url), {
      maxAnswerBytes: 1e6,
      unreachable: (_, cause) => cause,
      timeout: (host, ms) => new Error(`${host} was silent for ${ms} ms`),
    }),
  )
  const signing = SigningKey.open({ service: kms, keyId: keyArn })

  async function rpc(node: number, method: string, ...params: unknown[]) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const answer = await exchanges[node]?.({}, body, 5000)
    return JSON.parse(answer?.body || '{}').result
  }

  async function nextNonce(): Promise<bigint> {
    const params = [await signing.getAddress(), 'latest']
    const count = await rpc(0, 'eth_getTransactionCount', ...params)
    await store.create({
      pk: { S: 'head' },
      sk: { S: 'head' },
      n: { N: String(BigInt(count)) },
    })
    const item = await store.update(head, { add: { n: { N: '1' } } })
    const n = item?.n as { N: string } | undefined
    return BigInt(n?.N ?? 1) - 1n
  }

  async function sign(planned: Planned, nonce: bigint): Promise<Hex> {
    const { raw } = await Transaction.sign(signing, {
      type: 'eip1559',
      chainId,
      nonce,
      gas: 60_000n,
      to: planned.to,
      value: planned.value,
      data: planned.data,
      maxFeePerGas: 95n * gwei,
      maxPriorityFeePerGas: 4n * gwei,
      accessList: [],
    })
    return raw
  }

  async function advance(planned: Planned): Promise<void> {
    const key = rowOf(planned.key)
    const nonce = await nextNonce()
    const condition = { is: 'absent', name: 'nonce' } as const
    const bound = await store.update(key, {
      set: { nonce: { N: String(nonce) } },
      ...(manners === 'careful' ? { condition } : {}),
    })
    // Good enough for a toy: its nonce is lost.
    if (bound === undefined) return
    const raw = await sign(planned, nonce)
    await store.update(key, { set: { raw: { S: raw }, status: { S: 'sent' } } })
    await rpc(0, 'eth_sendRawTransaction', raw)
  }

  const tell = async (key: string): Promise<Told | undefined> => {
    const item = await store.get(rowOf(key))
    return (
      item && {
        status: text(item, 'status') ?? '',
        final: item.final !== undefined,
        reason: undefined,
        hash: text(item, 'hash'),
      }
    )
  }

  async function settle(item: Item): Promise<void> {
    const raw = text(item, 'raw') as Hex | undefined
    const key = { pk: text(item, 'pk') ?? '', sk: 'tx' }
    const planned = schedule.requests.find(
      (one) => rowOf(one.key).pk === key.pk,
    )
    if (planned === undefined) return
    const ageMs = runtime.now() - Number(text(item, 'createdAt'))
    if (raw === undefined) {
      if (ageMs > graceMs && item.nonce === undefined) await advance(planned)
      return
    }
    const { hash } = await Transaction.decode(raw)
    const receipt = await rpc(1, 'eth_getTransactionReceipt', hash)
    const height = Number(await rpc(1, 'eth_blockNumber'))
    if (receipt == null) {
      for (const node of exchanges.keys())
        await rpc(node, 'eth_sendRawTransaction', raw)
      return
    }
    if (height - Number(receipt.blockNumber) < schedule.confirmations) return
    await store.update(key, {
      set: { final: { BOOL: true }, status: { S: 'mined' }, hash: { S: hash } },
      remove: ['open'],
    })
  }

  const get = async (key: string) => tell(key)
  const ask = async (key: string) => (await tell(key)) as Told
  return {
    get,
    cancel: ask,
    speedUp: ask,
    async send(planned) {
      const isNew = await store.create({
        pk: { S: `tx#${planned.key}` },
        sk: { S: 'tx' },
        open: { S: 'all' },
        created: { S: planned.key },
        createdAt: { S: String(runtime.now()) },
        status: { S: 'accepted' },
      })
      if (isNew || manners === 'careless') await advance(planned)
      return ask(planned.key)
    },
    async run() {
      const partition: [string, string] = ['open', 'all']
      const { items } = await store.query({ index: 'open', partition })
      for (const one of items) {
        const item = await store.get({ pk: text(one, 'pk') ?? '', sk: 'tx' })
        if (item !== undefined) await settle(item)
      }
      return items.length
    },
  }
}
