import { AddressField, type Hex } from '@keyward/core'
import { callOnlyBatches } from '../../calls/callOnlyBatches.js'
import { exampleContract, examplePayees } from './examples.js'
import {
  amount,
  ofEach,
  type Template,
  tokensOf,
  windowNames,
  windowsOf,
} from './Template.js'

/** Hours on working days, in UTC. */
const workingHours = [
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '19:00' },
]

export const treasury: Template = {
  description:
    "makes a few large payments in working hours, also as a Safe's owner",
  tokens: ['USDC'],
  create: (options) => {
    const { callers, chain } = options
    const rule = { callers, chains: [chain], hours: workingHours }
    return {
      version: 1,
      name: 'treasury',
      mode: options.mode,
      tokens: tokensOf(options),
      groups: {
        payees: options.payees.length > 0 ? options.payees : examplePayees,
        safes: exampleContract('Safe', 5),
        batches: Object.keys(callOnlyBatches).map((address) => ({
          address: AddressField.toChecksum(address as Hex),
          name: 'Safe: MultiSendCallOnly',
        })),
      },
      windows: {
        ...windowsOf(options, 'day', 250_000),
        ...windowsOf(options, 'week', 750_000),
        'native-week': {
          ...{ asset: 'native', chain, length: 'week', limit: amount(50) },
        },
      },
      rules: [
        {
          id: 'pay-token',
          note: [
            "For the key's own account, and for a Safe that the account owns.",
            'Edit groups, hours (UTC), and the limits here and in windows.',
          ],
          ...rule,
          call: {
            to: Object.keys(tokensOf(options)),
            functions: ['transfer(address,uint256)'],
          },
          recipients: ['payees'],
          maxPerRequest: ofEach(options, 100_000),
          fee: { maxFee: amount('0.05') },
          windows: [
            ...windowNames(options, 'day'),
            ...windowNames(options, 'week'),
            'native-week',
          ],
        },
        {
          id: 'pay-native',
          ...rule,
          payment: {},
          recipients: ['payees'],
          maxPerRequest: { native: amount(20) },
          fee: { maxFee: amount('0.05') },
          windows: ['native-week'],
        },
        {
          id: 'sign-for-safe',
          note: [
            "Signs a Safe's transaction if other rules allow what it does.",
            'A transaction that refunds its executor is refused.',
          ],
          ...rule,
          typedData: { kinds: ['SafeTx'], contracts: ['safes'] },
        },
        {
          id: 'no-value-to-batches',
          note: 'Anyone can take assets that stay in a batch contract.',
          effect: 'deny',
          call: { to: ['batches'] },
          recipients: ['batches'],
        },
        {
          id: 'batch-of-safe',
          note: 'Several payments in one transaction; each needs a rule.',
          ...rule,
          call: { to: ['batches'], functions: ['multiSend(bytes)'] },
          maxPerRequest: { native: amount(20) },
          fee: { maxFee: amount('0.05') },
          windows: ['native-week'],
        },
        {
          id: 'reject-for-safe',
          note: 'An empty call to the Safe itself uses up a nonce.',
          ...rule,
          payment: {},
          recipients: ['safes'],
          maxPerRequest: { native: '0' },
          fee: { maxFee: amount('0.05') },
          windows: ['native-week'],
        },
      ],
    }
  },
}
