import { exampleContract } from './examples.js'
import {
  amount,
  idOf,
  type Template,
  tokensOf,
  windowOf,
  windowsOf,
} from './Template.js'

const fill =
  'fillV3Relay((address depositor,address recipient,address exclusiveRelayer,address inputToken,address outputToken,uint256 inputAmount,uint256 outputAmount,uint256 originChainId,uint32 depositId,uint32 fillDeadline,uint32 exclusivityDeadline,bytes message) relayData,uint256 repaymentChainId)'
const finalize =
  'finalizeWithdrawalTransaction((uint256 nonce,address sender,address target,uint256 value,uint256 gasLimit,bytes data) withdrawal)'

export const bridgeRelayer: Template = {
  description: 'fills deposits of a bridge and finalizes withdrawals',
  tokens: ['USDC'],
  create: (options) => {
    const { callers, chain, tokens } = options
    const rule = {
      callers,
      chains: [chain],
      fee: { maxFee: amount('0.05') },
    }
    return {
      version: 1,
      name: 'bridge-relayer',
      mode: options.mode,
      tokens: tokensOf(options),
      groups: {
        bridge: exampleContract('bridge that takes fills', 3),
        portal: exampleContract('portal that finalizes', 4),
      },
      functions: [fill, finalize],
      windows: {
        ...windowsOf(options, 'hour', 100_000),
        ...windowsOf(options, 'day', 200_000, 'approved-day'),
        'native-day': {
          ...{ asset: 'native', chain, length: 'day', limit: amount(2) },
        },
      },
      rules: [
        ...tokens.map((token) => ({
          id: `fill-${idOf(token).toLowerCase()}`,
          note: [
            'Pays out a deposit on this chain, never more than was deposited, and',
            'without calling the recipient. Set the ratio to match your fee and',
            'the decimals of the deposited token.',
          ],
          ...rule,
          call: {
            to: ['bridge'],
            functions: ['fillV3Relay'],
            args: {
              'relayData.outputToken': { in: [idOf(token)] },
              'relayData.message': { length: { equals: '0' } },
              'relayData.fillDeadline': { within: 21_600 },
            },
            ratios: [
              {
                ...{ of: 'relayData.outputAmount', ofAsset: idOf(token) },
                ...{ to: 'relayData.inputAmount', toAsset: idOf(token) },
                atMost: '1',
              },
            ],
            spends: [
              {
                asset: idOf(token),
                amount: 'relayData.outputAmount',
                recipient: 'relayData.recipient',
              },
            ],
          },
          maxPerRequest: {
            [idOf(token)]: amount(25_000, token.decimals),
            native: '0',
          },
          windows: [windowOf(token, 'hour'), 'native-day'],
        })),
        {
          id: 'approve-bridge',
          note: [
            'The bridge takes the tokens that it pays out. The approved amount',
            'counts as spent, so approvals have separate windows.',
          ],
          ...rule,
          call: {
            to: tokens.map(idOf),
            functions: ['approve(address,uint256)'],
          },
          recipients: ['bridge'],
          maxPerRequest: {
            ...Object.fromEntries(
              tokens.map((token) => [
                idOf(token),
                amount(100_000, token.decimals),
              ]),
            ),
          },
          windows: [
            ...tokens.map((token) => windowOf(token, 'approved-day')),
            'native-day',
          ],
        },
        {
          id: 'finalize',
          note: "Completes other people's withdrawals, which costs only the fee.",
          ...rule,
          call: {
            to: ['portal'],
            functions: ['finalizeWithdrawalTransaction'],
            spends: [],
          },
          maxPerRequest: { native: '0' },
          windows: ['native-day'],
        },
      ],
    }
  },
}
