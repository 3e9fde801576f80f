import { examplePayees } from './examples.js'
import {
  amount,
  ofEach,
  type Template,
  tokensOf,
  windowNames,
  windowsOf,
} from './Template.js'

export const payouts: Template = {
  description: "pays a list of payees in tokens and in the chain's currency",
  tokens: ['USDC'],
  create: (options) => ({
    version: 1,
    name: 'payouts',
    mode: options.mode,
    tokens: tokensOf(options),
    groups: {
      payees: options.payees.length > 0 ? options.payees : examplePayees,
    },
    windows: {
      ...windowsOf(options, 'day', 20_000),
      'native-day': {
        ...{ asset: 'native', chain: options.chain, length: 'day' },
        limit: amount(1),
      },
      'requests-hour': {
        ...{ asset: 'requests', length: 'hour', limit: '200' },
        per: ['caller'],
      },
    },
    rules: [
      {
        id: 'pay-token',
        note: [
          'Transfers of the tokens above, to payees and to nobody else.',
          'Edit groups.payees, the limits here and in windows, and callers.',
          'native-day also counts fees, at their maximum.',
        ],
        callers: options.callers,
        chains: [options.chain],
        call: {
          to: Object.keys(tokensOf(options)),
          functions: ['transfer(address,uint256)'],
        },
        recipients: ['payees'],
        maxPerRequest: ofEach(options, 5000),
        fee: { maxFee: amount('0.02') },
        windows: [
          ...windowNames(options, 'day'),
          ...['native-day', 'requests-hour'],
        ],
      },
      {
        id: 'pay-native',
        note: 'Plain payments. Delete this rule if you pay only in tokens.',
        callers: options.callers,
        chains: [options.chain],
        payment: {},
        recipients: ['payees'],
        maxPerRequest: { native: amount('0.25') },
        fee: { maxFee: amount('0.02') },
        windows: ['native-day', 'requests-hour'],
      },
    ],
  }),
}
