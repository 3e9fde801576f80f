import { examplePayees } from './examples.js'
import {
  amount,
  ofEach,
  type Template,
  tokensOf,
  windowNames,
  windowsOf,
} from './Template.js'

export const agent: Template = {
  description: 'makes small purchases by itself, and signs in to sites',
  tokens: ['USDC'],
  create: (options) => {
    const { callers, chain } = options
    const who = { callers, chains: [chain] }
    const limits = {
      recipients: ['merchants'],
      maxPerRequest: ofEach(options, 5),
      windows: [
        ...windowNames(options, 'hour'),
        ...windowNames(options, 'day'),
        'requests-hour',
      ],
    }
    const tokens = Object.keys(tokensOf(options))
    return {
      version: 1,
      name: 'agent',
      mode: options.mode,
      tokens: tokensOf(options),
      groups: {
        merchants: options.payees.length > 0 ? options.payees : examplePayees,
      },
      windows: {
        ...windowsOf(options, 'hour', 20),
        ...windowsOf(options, 'day', 50),
        'native-day': {
          ...{ asset: 'native', chain, length: 'day', limit: amount('0.02') },
        },
        'requests-hour': {
          ...{ asset: 'requests', length: 'hour', limit: '60' },
          per: ['caller'],
        },
      },
      rules: [
        {
          id: 'buy',
          note: [
            'Pays a merchant by transfer. An agent can be tricked, so keep the',
            'list of merchants short and the amounts small.',
          ],
          ...who,
          call: { to: tokens, functions: ['transfer(address,uint256)'] },
          ...limits,
          fee: { maxFee: amount('0.005') },
          windows: [...limits.windows, 'native-day'],
        },
        {
          id: 'buy-by-signature',
          note: [
            'Pays a merchant by signature (EIP-3009), as x402 requires. The',
            'merchant sends the authorization within an hour, and pays the fee.',
          ],
          ...who,
          typedData: {
            kinds: ['TransferWithAuthorization'],
            contracts: tokens,
          },
          ...limits,
          maxValidity: 3600,
        },
        {
          id: 'sign-in',
          note: 'Signs in only to these sites. Replace the domains.',
          ...who,
          message: {
            kinds: ['sign-in'],
            domains: ['app.example.com'],
            uris: ['https://app.example.com/login'],
            minNonceLength: 8,
          },
          maxValidity: 3600,
          windows: ['requests-hour'],
        },
      ],
    }
  },
}
