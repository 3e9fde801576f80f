import { describe, expect, test } from 'vitest'
import { policyProblems } from '../../../../../test/support/policyProblems.js'

const usdc = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const base = {
  version: 1,
  tokens: {
    USDC: {
      ...{ chain: 1, address: usdc, kind: 'erc20', decimals: 6 },
      symbol: 'USDC',
    },
  },
  functions: [
    'swap(address tokenIn,(uint256 amount,address to)[] parts)',
    'nameless(address,uint256)',
    // Of a function that is known the known names count.
    'approve(address who,uint256 much)',
  ],
  types: { Mail: 'Mail(Person to,string text)Person(address wallet)' },
}

/** What is wrong with a policy of one rule; undefined for one that is read. */
const refusal = (what: object) =>
  policyProblems({ ...base, rules: [{ id: 'rule', chains: [1], ...what }] })

const call = (functions: string | string[], more: object) =>
  refusal({ call: { to: ['USDC'], functions, ...more } })
const typed = (kind: string, more: object) =>
  refusal({ typedData: { kinds: [kind], ...more } })
const bound = { atMost: '5' }

describe('paths that match no argument are refused', () => {
  test.each<[string, string | undefined, string]>([
    [
      'of a known function',
      call(['transfer(address,uint256)'], { args: { amout: bound } }),
      'rules[0].call.args.amout: got "amout"; allowed: an argument of transfer(address,uint256): to, amount',
    ],
    [
      'of a declared function',
      call(['swap'], { args: { tokenOut: { in: ['USDC'] } } }),
      'rules[0].call.args.tokenOut: got "tokenOut"; allowed: an argument of swap(address,(uint256,address)[]): tokenIn, parts',
    ],
    [
      'of a function without names',
      call(['nameless'], { args: { amount: bound } }),
      'rules[0].call.args.amount: got "amount"; allowed: an argument of nameless(address,uint256): the arguments have no names; in functions, declare them with names',
    ],
    [
      'of a function without arguments',
      call(['deposit'], { args: { amount: bound } }),
      'rules[0].call.args.amount: got "amount"; allowed: an argument of deposit(), which has none',
    ],
    [
      'of two functions',
      call(['transfer(address,uint256)', 'burn(uint256)'], {
        args: { value: bound },
      }),
      'rules[0].call.args.value: got "value"; allowed: an argument of transfer(address,uint256): to, amount, or of burn(uint256): amount',
    ],
    [
      'of a known function that is declared with other names',
      call(['approve(address,uint256)'], { args: { much: bound } }),
      'rules[0].call.args.much: got "much"; allowed: an argument of approve(address,uint256): spender, amount',
    ],
    [
      'of any function',
      call('any', { args: { amout: bound } }),
      'rules[0].call.args.amout: got "amout"; allowed: an argument of a known function, or of one that the policy declares',
    ],
    [
      'within a tuple',
      call(
        [
          'permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)',
        ],
        {
          args: { 'permitSingle.detail.amount': bound },
        },
      ),
      'rules[0].call.args."permitSingle.detail.amount": got "permitSingle.detail.amount"; allowed: an argument of permit(address,((address,uint160,uint48,uint48),address,uint256),bytes): owner, permitSingle, permitSingle.details, permitSingle.details.token, permitSingle.details.amount, permitSingle.details.expiration, permitSingle.details.nonce, permitSingle.spender, permitSingle.sigDeadline, signature',
    ],
    [
      'within the tuples of a list',
      call(['swap'], {
        args: { parts: { every: { fields: { amout: bound } } } },
      }),
      'rules[0].call.args.parts.every.fields.amout: got "amout"; allowed: amount, to',
    ],
    [
      'in ratios',
      call(['swap'], {
        ratios: [
          {
            ...{ of: 'tokenIn', ofAsset: 'USDC', to: 'tokenUot' },
            ...{ toAsset: 'USDC', atMost: '1' },
          },
        ],
      }),
      'rules[0].call.ratios[0].to: got "tokenUot"; allowed: an argument of swap(address,(uint256,address)[]): tokenIn, parts',
    ],
    [
      'in spends',
      call(['transfer(address,uint256)'], {
        spends: [{ asset: 'USDC', amount: 'amount', recipient: 'too' }],
      }),
      'rules[0].call.spends[0].recipient: got "too"; allowed: an argument of transfer(address,uint256): to, amount',
    ],
    [
      'of a known kind of typed data',
      typed('Permit', { args: { amount: bound } }),
      'rules[0].typedData.args.amount: got "amount"; allowed: an argument of Permit: owner, spender, value, nonce, deadline',
    ],
    [
      'of a declared kind',
      typed('Mail', { spends: [], args: { 'to.walet': { in: ['USDC'] } } }),
      'rules[0].typedData.args."to.walet": got "to.walet"; allowed: an argument of Mail: to, to.wallet, text',
    ],
    [
      'in a rule that denies',
      refusal({
        effect: 'deny',
        call: { functions: ['burn(uint256)'], args: { to: { in: ['USDC'] } } },
      }),
      'rules[0].call.args.to: got "to"; allowed: an argument of burn(uint256): amount',
    ],
  ])('%s', (_, came, expected) => {
    expect(came).toBe(expected)
  })
})

test.each<[string, string | undefined]>([
  [
    'one function of the name has it',
    call(['approve'], { args: { token: { in: ['USDC'] } } }),
  ],
  [
    'one function of two has it',
    call(['transfer', 'burn(uint256)'], { args: { to: { in: ['USDC'] } } }),
  ],
  ['some function has it', call('any', { args: { tokenIn: { in: [usdc] } } })],
  [
    'nobody knows the fields of the witness',
    typed('PermitWitnessTransferFrom', { args: { 'witness.a': bound } }),
  ],
  [
    'it denies typed data of any kind',
    refusal({ effect: 'deny', typedData: { args: { anything: bound } } }),
  ],
])('a path is accepted if %s', (_, came) => {
  expect(came).toBeUndefined()
})
