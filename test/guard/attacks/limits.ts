import { acme, bob, dollars, send, thief, usdc } from '../templateCases.js'
import { type Attacks, asking, encode, transfer, world } from './Attack.js'

const pay = (to: string, count: number) =>
  send(usdc, transfer(to, dollars(count)))
const bundle = (...counts: readonly (readonly [string, number])[]) =>
  send(
    usdc,
    encode(
      'multicall(bytes[] data)',
      counts.map(([to, count]) => transfer(to, dollars(count))),
    ),
  )
const spent = (window: string, amount: bigint, scope = {}) => ({
  spent: [{ window, scope, amount: `${amount}` }],
})
const each = { recipient: acme.toLowerCase() }

/** What is counted over time and over the calls of a request. */
export const limits: Attacks = {
  policy: {
    ...world,
    windows: {
      daily: { asset: 'USDC', length: 'day', limit: `${dollars(100)}` },
      each: {
        asset: 'USDC',
        length: 'day',
        limit: `${dollars(60)}`,
        per: ['recipient'],
      },
      often: {
        asset: 'requests',
        length: 'hour',
        limit: '10',
        per: ['caller'],
      },
      gas: { asset: 'native', chain: 1, length: 'day', limit: `${10n ** 16n}` },
    },
    rules: [
      {
        ...{ id: 'bundle', chains: [1], windows: ['often', 'gas'] },
        call: { to: ['USDC'], functions: ['multicall'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
        windows: ['daily', 'each', 'often', 'gas'],
        maxPerRequest: { USDC: `${dollars(90)}` },
      },
    ],
  },
  attacks: [
    [
      'a unit more than is left',
      'windows[daily]',
      asking(pay(acme, 50), {}, spent('daily', dollars(50) + 1n)),
      asking(pay(acme, 50), {}, spent('daily', dollars(50))),
    ],
    [
      'a unit more than one recipient has left',
      'windows[each]',
      asking(pay(acme, 50), {}, spent('each', dollars(10) + 1n, each)),
      asking(pay(acme, 50), {}, spent('each', dollars(10), each)),
    ],
    [
      'one request more',
      'windows[often]',
      asking(pay(acme, 1), {}, spent('often', 10n, { caller: 'payouts' })),
      asking(pay(acme, 1), {}, spent('often', 9n, { caller: 'payouts' })),
    ],
    [
      'parts for several recipients',
      'windows[daily]',
      asking(
        bundle([acme, 30], [bob, 30.000001]),
        {},
        spent('daily', dollars(40)),
      ),
      asking(bundle([acme, 30], [bob, 30]), {}, spent('daily', dollars(40))),
    ],
    [
      'parts for one recipient',
      'windows[each]',
      bundle([acme, 30], [acme, 30.000001]),
      bundle([acme, 30], [acme, 30]),
    ],
    [
      'parts of too much',
      'rules[pay].maxPerRequest.USDC',
      bundle([acme, 50], [bob, 40.000001]),
      bundle([acme, 50], [bob, 40]),
    ],
    [
      'fees that add up',
      'windows[gas]',
      asking(bundle([acme, 1]), {}, spent('gas', 10n ** 16n - 1n)),
      bundle([acme, 1]),
    ],
    [
      'the same request with a larger amount',
      'windows[daily]',
      asking(
        pay(acme, 50),
        {},
        {
          ...spent('daily', dollars(100)),
          counted: [{ window: 'daily', scope: {}, amount: `${dollars(49)}` }],
        },
      ),
      asking(
        pay(acme, 50),
        {},
        {
          ...spent('daily', dollars(100)),
          counted: [{ window: 'daily', scope: {}, amount: `${dollars(50)}` }],
        },
      ),
    ],
    [
      'a part for a thief',
      'actions[1].rules[pay].recipients',
      bundle([acme, 1], [thief, 0]),
      bundle([acme, 1], [bob, 0]),
    ],
  ],
}
