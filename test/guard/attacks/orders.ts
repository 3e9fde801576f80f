import {
  account,
  bob,
  dollars,
  ether,
  order,
  router,
  seconds,
  settlement,
  thief,
  typed,
  usdc,
  weth,
} from '../templateCases.js'
import { type Attacks, asking, lookalike, world, zero } from './Attack.js'

const inch = '0x111111125421ca6dc452d289314280a0f8842a65'
const limitOrder = (more: object = {}) =>
  typed(
    'LimitOrder: address makerToken, address takerToken, uint128 makerAmount, uint128 takerAmount, uint128 takerTokenFeeAmount, address maker, address taker, address sender, address feeRecipient, bytes32 pool, uint64 expiry, uint256 salt',
    router,
    {
      ...{ makerToken: weth, takerToken: usdc, makerAmount: `${ether(1)}` },
      ...{ takerAmount: `${dollars(3000)}`, takerTokenFeeAmount: '0' },
      ...{ maker: account, taker: zero, sender: zero, feeRecipient: zero },
      ...{ pool: `0x${'00'.repeat(32)}`, expiry: seconds + 600, salt: '1' },
      ...more,
    },
  )
const traits = (end: number, ...bits: bigint[]) =>
  `${bits.reduce((sum, bit) => sum + (1n << bit), BigInt(end) << 80n)}`
const soon = traits(seconds + 600)
const inchOrder = (more: object = {}) =>
  typed(
    'Order: uint256 salt, address maker, address receiver, address makerAsset, address takerAsset, uint256 makingAmount, uint256 takingAmount, uint256 makerTraits',
    inch,
    {
      ...{ salt: '1', maker: account, receiver: zero },
      ...{ makerAsset: weth, takerAsset: usdc, makingAmount: `${ether(1)}` },
      ...{ takingAmount: `${dollars(3000)}`, makerTraits: soon },
      ...more,
    },
  )
/** As somebody asks whose orders may be open for ever. */
const asMarketMaker = (request: object) =>
  asking(request, { caller: 'market-maker' })
const best = {
  ofAsset: 'USDC',
  toAsset: 'WETH',
  atLeast: '2500.5',
} as const

const fill = {
  ...{ chains: [1], recipients: [account] },
  typedData: {
    ...{ kinds: ['Order:1inch'], contracts: [inch] },
    args: { maker: { in: [account] }, takerAsset: { in: ['USDC'] } },
    ratios: [{ of: 'takingAmount', to: 'makingAmount', ...best }],
  },
  maxPerRequest: { WETH: `${ether(2)}` },
} as const

/** Orders whose signature is all that a filler needs. */
export const orders: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'sell', chains: [1], recipients: [account] },
        typedData: {
          ...{ kinds: ['Order'], contracts: [settlement] },
          args: {
            sellToken: { in: ['WETH'] },
            buyToken: { in: ['USDC'] },
            feeAmount: { equals: '0' },
            appData: { equals: `0x${'00'.repeat(32)}` },
            kind: { in: ['sell'] },
            buyTokenBalance: { equals: 'erc20' },
          },
          ratios: [{ of: 'buyAmount', to: 'sellAmount', ...best }],
        },
        maxPerRequest: { WETH: `${ether(2)}` },
      },
      {
        ...{ id: 'limit', chains: [1], recipients: [account] },
        typedData: {
          ...{ kinds: ['LimitOrder'], contracts: [router] },
          args: {
            takerToken: { in: ['USDC'] },
            takerTokenFeeAmount: { equals: '0' },
          },
          ratios: [{ of: 'takerAmount', to: 'makerAmount', ...best }],
        },
        maxPerRequest: { WETH: `${ether(2)}` },
      },
      { id: 'inch', callers: ['payouts'], ...fill },
      {
        ...{ id: 'open', callers: ['market-maker'], ...fill },
        maxValidity: 'unlimited',
      },
    ],
  },
  attacks: [
    [
      'sold for nothing',
      'rules[sell].dangers',
      order({ buyAmount: '0' }),
      order({}),
    ],
    [
      'sold for one unit',
      'rules[sell].typedData.ratios[0]',
      order({ buyAmount: '1' }),
      order({}),
    ],
    [
      'sold a unit too cheap',
      'rules[sell].typedData.ratios[0]',
      order({ buyAmount: `${dollars(2500.5) - 1n}` }),
      order({ buyAmount: `${dollars(2500.5)}` }),
    ],
    [
      'a receiver of another',
      'rules[sell].recipients',
      order({ receiver: thief }),
      order({}),
    ],
    [
      'a receiver like a payee',
      'rules[sell].recipients',
      order({ receiver: lookalike }),
      order({}),
    ],
    [
      'no receiver, and nobody to stand for',
      'rules[sell].recipients',
      asking(order({ receiver: zero }), { account: undefined }),
      order({ receiver: zero }),
    ],
    [
      'no receiver of another account',
      'rules[sell].recipients',
      asking(order({ receiver: zero }), { account: bob }),
      order({ receiver: zero }),
    ],
    [
      'too much sold',
      'rules[sell].maxPerRequest.WETH',
      order({ sellAmount: `${ether(3)}`, buyAmount: `${dollars(9000)}` }),
      order({ sellAmount: `${ether(2)}`, buyAmount: `${dollars(9000)}` }),
    ],
    [
      'a fee as the way out',
      'rules[sell].typedData.args.feeAmount',
      order({ feeAmount: `${ether(1)}` }),
      order({}),
    ],
    [
      'a worthless token bought',
      'rules[sell].typedData.args.buyToken',
      order({ buyToken: thief }),
      order({}),
    ],
    [
      'another token sold',
      'rules[sell].typedData.args.sellToken',
      order({ sellToken: usdc, buyAmount: `${ether(9)}` }),
      order({}),
    ],
    [
      'hooks in the application data',
      'rules[sell].typedData.args.appData',
      order({ appData: `0x${'01'.repeat(32)}` }),
      order({}),
    ],
    [
      'proceeds in a balance within',
      'rules[sell].typedData.args.buyTokenBalance',
      order({ buyTokenBalance: 'internal' }),
      order({}),
    ],
    [
      'a kind in other letters',
      'rules[sell].typedData.args.kind',
      order({ kind: 'sеll' }),
      order({}),
    ],
    [
      'an order without end',
      'rules[sell].maxValidity',
      order({ validTo: 2 ** 32 - 1 }),
      order({}),
    ],
    [
      'an order of another chain',
      'rules[sell].chains',
      order({}, settlement, 100),
      order({}),
    ],
    [
      'another settlement',
      'rules[sell].typedData.contracts',
      order({}, thief),
      order({}),
    ],
    [
      'a limit order for nothing',
      'rules[limit].dangers',
      limitOrder({ takerAmount: '0' }),
      limitOrder(),
    ],
    [
      'a limit order too cheap',
      'rules[limit].typedData.ratios[0]',
      limitOrder({ takerAmount: `${dollars(2500)}` }),
      limitOrder(),
    ],
    [
      'a maker of another',
      'rules[limit].recipients',
      limitOrder({ maker: thief }),
      limitOrder(),
    ],
    [
      'a fee on what is bought',
      'rules[limit].typedData.args.takerTokenFeeAmount',
      limitOrder({ takerTokenFeeAmount: '1' }),
      limitOrder(),
    ],
    [
      'a limit order that waits',
      'rules[limit].maxValidity',
      limitOrder({ expiry: seconds + 3601 }),
      limitOrder(),
    ],
    [
      'an unnamed token sold',
      'rules[limit].spends',
      limitOrder({ makerToken: thief }),
      limitOrder(),
    ],
    [
      'an order of 1inch that waits',
      'rules[inch].maxValidity',
      inchOrder({ makerTraits: traits(seconds + 3601) }),
      inchOrder({ makerTraits: traits(seconds + 3600) }),
    ],
    [
      'an order of 1inch without end',
      'rules[inch].maxValidity',
      inchOrder({ makerTraits: traits(0) }),
      asMarketMaker(inchOrder({ makerTraits: traits(0) })),
    ],
    [
      'an extension that nobody sees',
      'rules[inch].dangers',
      inchOrder({ makerTraits: traits(seconds + 600, 249n) }),
      inchOrder({ makerTraits: traits(seconds + 600, 255n) }),
    ],
    [
      'an extension of an order without end',
      'rules[open].dangers',
      asMarketMaker(inchOrder({ makerTraits: traits(0, 249n, 251n) })),
      asMarketMaker(inchOrder({ makerTraits: traits(0, 254n) })),
    ],
    [
      'an order of 1inch for nothing',
      'rules[inch].dangers',
      inchOrder({ takingAmount: '0' }),
      inchOrder(),
    ],
    [
      'an order of 1inch too cheap',
      'rules[inch].typedData.ratios[0]',
      inchOrder({ takingAmount: `${dollars(2500)}` }),
      inchOrder(),
    ],
    [
      'a receiver of another at 1inch',
      'rules[inch].recipients',
      inchOrder({ receiver: thief }),
      inchOrder(),
    ],
    [
      'too much sold at 1inch',
      'rules[inch].maxPerRequest.WETH',
      inchOrder({
        makingAmount: `${ether(3)}`,
        takingAmount: `${dollars(9000)}`,
      }),
      inchOrder({
        makingAmount: `${ether(2)}`,
        takingAmount: `${dollars(9000)}`,
      }),
    ],
  ],
}
