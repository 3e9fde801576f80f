import type {
  Charge,
  Window,
} from '../../../packages/guard/src/windows/index.js'

/** Limits in no round numbers, one of which is larger than a double is exact. */
export const windows: Record<string, Window> = {
  token: { id: 'token', asset: 'usdc', length: 'hour', limit: 701n },
  daily: { id: 'daily', asset: 'usdc', length: 'day', limit: 2003n },
  payee: { id: 'payee', asset: 'usdc', length: 'hour', limit: 211n },
  native: {
    ...{ id: 'native', asset: 'native', chain: 1n, length: 'hour' },
    limit: 10n ** 37n + 7n,
  },
  requests: { id: 'requests', asset: 'requests', length: 'hour', limit: 97n },
}

const below = (count: number) => Math.floor(Math.random() * count)

/** Requests of several kinds, each with what it takes from the windows. */
export function toKinds(): (() => Charge[])[] {
  const { token, daily, payee, native, requests } = windows as {
    [name: string]: Window
  }
  const wei = () => 10n ** 35n * BigInt(1 + below(4)) + BigInt(below(9))
  const one = (): Charge => ({ window: requests!, scope: {}, amount: 1n })
  return [
    () => {
      const amount = BigInt(1 + below(40))
      const scope = { caller: `c${below(2)}` }
      return [
        { window: token!, scope, amount },
        { window: daily!, scope, amount },
      ]
    },
    () => {
      const amount = BigInt(1 + below(30))
      const scope = { recipient: `0x${below(3)}` }
      return [{ window: payee!, scope, amount }]
    },
    () => [{ window: native!, scope: { account: '0xaa' }, amount: wei() }],
    () => [
      { window: native!, scope: { account: '0xaa' }, amount: wei() },
      one(),
    ],
  ]
}
