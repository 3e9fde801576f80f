import { exampleAddresses, exampleContract } from './examples.js'
import {
  amount,
  idOf,
  type Template,
  type TemplateOptions,
  type TemplateToken,
  tokensOf,
  windowNames,
  windowOf,
} from './Template.js'

const swap =
  'exactInputSingle((address tokenIn,address tokenOut,uint24 fee,address recipient,uint256 amountIn,uint256 amountOutMinimum,uint160 sqrtPriceLimitX96) params)'

/** CoW Protocol's settlement contract, the same on every chain. */
const settlement = '0x9008D19f58AAbD9eD0D60971565AA8510560ab41'
const relayer = '0xC92E8bdf79f0507f65a392b0ab4667716BFE0110'

/** Uniswap's SwapRouter02, on the chains where the address is the same. */
const router = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45'

export const tradingDesk: Template = {
  description:
    'trades one pair of tokens within price limits, and withdraws nothing',
  tokens: ['WETH', 'USDC'],
  create: (options) => {
    const { callers, chain, tokens } = options
    const [base, quote = base] = tokens as [TemplateToken, TemplateToken?]
    const all = tokens.map(idOf)
    const who = { callers, chains: [chain] }
    const rule = { ...who, fee: { maxFee: amount('0.05') } }
    return {
      version: 1,
      name: 'trading-desk',
      mode: options.mode,
      tokens: tokensOf(options),
      groups: {
        desk: [
          {
            name: "EXAMPLE: replace with the key's own account",
            address: exampleAddresses[0],
          },
        ],
        router:
          chain === 1 || chain === 10 || chain === 137 || chain === 42161
            ? [{ name: 'Uniswap SwapRouter02', address: router }]
            : exampleContract('router', 3),
        venues: [
          { name: 'CoW settlement', address: settlement },
          { name: 'CoW vault relayer', address: relayer },
        ],
      },
      functions: [swap],
      windows: {
        ...dayOf(base, 100, 'sold-day'),
        ...dayOf(quote, 250_000, 'sold-day'),
        ...dayOf(base, 100, 'approved-day'),
        ...dayOf(quote, 250_000, 'approved-day'),
        'native-day': {
          ...{ asset: 'native', chain, length: 'day', limit: amount(100) },
        },
      },
      rules: [
        ...trades(base, quote, options, 25, 'atLeast', '1500'),
        ...trades(quote, base, options, 50_000, 'atMost', '10000'),
        {
          id: 'swap-batch',
          note: "The router's multicall; each inner call needs a rule.",
          ...rule,
          call: {
            to: ['router'],
            functions: ['multicall(uint256,bytes[])'],
            args: { deadline: { within: 3600 } },
          },
          maxPerRequest: { native: '0' },
          windows: ['native-day'],
        },
        {
          id: 'approve-venue',
          note: 'Approves a limited amount, which counts as spent.',
          ...rule,
          call: { to: all, functions: ['approve(address,uint256)'] },
          recipients: ['router', 'venues'],
          maxPerRequest: {
            [idOf(base)]: amount(50, base.decimals),
            [idOf(quote)]: amount(100_000, quote.decimals),
          },
          windows: [...windowNames(options, 'approved-day'), 'native-day'],
        },
        {
          id: 'wrap',
          note: 'Wraps and unwraps the currency, which stays in the account.',
          ...rule,
          call: {
            to: [idOf(base)],
            functions: ['deposit()', 'withdraw(uint256)'],
          },
          maxPerRequest: { native: amount(25) },
          windows: ['native-day'],
        },
      ],
    }
  },
}

const dayOf = (token: TemplateToken, whole: number, name: string) => ({
  [windowOf(token, name)]: {
    ...{ asset: idOf(token), length: 'day' },
    limit: amount(whole, token.decimals),
  },
})

/**
 * Rules for trades in one direction, through an order or a swap. The price is
 * in quote per base.
 */
function trades(
  sold: TemplateToken,
  bought: TemplateToken,
  { callers, chain, tokens }: TemplateOptions,
  most: number,
  bound: 'atLeast' | 'atMost',
  price: string,
) {
  const ids = { sold: idOf(sold), bought: idOf(bought) }
  const isSale = sold === tokens[0]
  const ratioOf = (sells: string, buys: string) => {
    const [of, to] = isSale ? [buys, sells] : [sells, buys]
    const [ofAsset, toAsset] = isSale
      ? [ids.bought, ids.sold]
      : [ids.sold, ids.bought]
    return [{ of, ofAsset, to, toAsset, [bound]: price }]
  }
  const name = ids.sold.toLowerCase()
  const rule = {
    callers,
    chains: [chain],
    maxPerRequest: { [ids.sold]: amount(most, sold.decimals), native: '0' },
  }
  return [
    {
      id: `order-${name}`,
      note: [
        `Sells ${ids.sold} for ${ids.bought} with a CoW Protocol order, at`,
        `${bound === 'atLeast' ? 'no less' : 'no more'} than ${price}. Set your price here and below.`,
      ],
      ...rule,
      typedData: {
        kinds: ['Order'],
        contracts: ['venues'],
        args: {
          sellToken: { in: [ids.sold] },
          buyToken: { in: [ids.bought] },
          receiver: { in: ['desk'] },
          feeAmount: { equals: '0' },
          sellTokenBalance: { equals: ownBalance },
          buyTokenBalance: { equals: ownBalance },
        },
        ratios: ratioOf('sellAmount', 'buyAmount'),
      },
      maxValidity: 3600,
      windows: [windowOf(sold, 'sold-day')],
    },
    {
      id: `swap-${name}`,
      ...rule,
      call: {
        to: ['router'],
        functions: ['exactInputSingle'],
        args: {
          'params.tokenIn': { in: [ids.sold] },
          'params.tokenOut': { in: [ids.bought] },
          'params.recipient': { in: ['desk'] },
        },
        ratios: ratioOf('params.amountIn', 'params.amountOutMinimum'),
        spends: [{ asset: ids.sold, amount: 'params.amountIn' }],
      },
      fee: { maxFee: amount('0.05') },
      windows: [windowOf(sold, 'sold-day'), 'native-day'],
    },
  ]
}

/** The value in an order which means that the account's own tokens are used. */
const ownBalance = 'erc20'
