import type { Hex } from 'viem'
import {
  acme,
  bob,
  dollars,
  ether,
  multiSend,
  router,
  safe,
  safeTx,
  thief,
  typed,
  usdc,
} from '../templateCases.js'
import {
  type Attacks,
  approve,
  encode,
  lookalike,
  multiSendOf,
  never,
  type Part,
  transfer,
  withWord,
  word,
  world,
  zero,
} from './Attack.js'

const otherBatch = `0x${'ba'.repeat(20)}`
const pay = (to: string, amount = 1n, value = 0n, more = {}) =>
  safeTx(usdc, transfer(to, amount), value, more)
const batch = (...parts: readonly Part[]) =>
  safeTx(multiSend, multiSendOf(...parts), 0n, { operation: 1 })
const toAcme: Part = [usdc, transfer(acme, 1n)]
const toThief: Part = [usdc, transfer(thief, 1n)]
const within = (...parts: readonly Part[]): Part => [
  ...([multiSend, multiSendOf(...parts), 0n] as const),
  1,
]
/** A batch in a batch in a batch. */
const deep = (levels: number, part: Part): Part =>
  levels === 0 ? part : within(deep(levels - 1, part))
const from = 'transferFrom(address,address,uint256)'
const message = (text: string) =>
  typed('SafeMessage: bytes message', safe, { message: text })
const withoutChain = (
  { typedData }: ReturnType<typeof safeTx>,
  domain = {},
) => ({
  kind: 'typedData',
  typedData: {
    ...typedData,
    domain,
    types: {
      ...typedData.types,
      EIP712Domain: Object.keys(domain).map((name) => ({
        name,
        type: name === 'chainId' ? 'uint256' : 'address',
      })),
    },
  },
})

/** What owners of a Safe sign. */
export const safeTransactions: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        id: 'sign',
        chains: [1],
        typedData: { kinds: ['SafeTx'], contracts: [safe] },
      },
      {
        ...{ id: 'sign-message', chains: [1], dangers: ['wrapped-hash'] },
        typedData: {
          ...{ kinds: ['SafeMessage'], contracts: [safe] },
          args: { message: { startsWith: '0x68656c6c6f' } },
        },
      },
      {
        ...{ id: 'batch', chains: [1] },
        call: { to: [multiSend, otherBatch], functions: ['multiSend'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
        maxPerRequest: { USDC: `${dollars(100)}`, native: `${ether(5)}` },
      },
      {
        ...{ id: 'collect', chains: [1], recipients: ['payees'] },
        call: {
          to: ['USDC'],
          functions: [from],
          args: { from: { in: [safe] } },
        },
      },
      {
        ...{ id: 'spender', chains: [1], recipients: [router] },
        call: { to: ['USDC'], functions: ['approve'] },
        maxPerRequest: { native: '0' },
      },
      {
        ...{
          id: 'ether',
          chains: [1],
          payment: {},
          recipients: ['payees', safe],
        },
        maxPerRequest: { native: `${ether(5)}` },
      },
    ],
  },
  attacks: [
    [
      'a stranger is paid',
      'actions[0].rules[pay].recipients',
      pay(thief),
      pay(acme),
    ],
    [
      'a look-alike is paid',
      'actions[0].rules[pay].recipients',
      pay(lookalike),
      pay(acme),
    ],
    [
      'tokens for nobody',
      'actions[0].rules[pay].recipients',
      pay(zero),
      pay(acme),
    ],
    [
      'too much',
      'rules[pay].maxPerRequest.USDC',
      pay(acme, dollars(100) + 1n),
      pay(acme, dollars(100)),
    ],
    [
      'too much in parts',
      'rules[pay].maxPerRequest.USDC',
      batch(
        [usdc, transfer(acme, dollars(50))],
        [usdc, transfer(bob, dollars(50) + 1n)],
      ),
      batch(
        [usdc, transfer(acme, dollars(50))],
        [usdc, transfer(bob, dollars(50))],
      ),
    ],
    [
      'too much ether in parts',
      'rules[ether].maxPerRequest.native',
      batch([acme, '0x', ether(3)], [bob, '0x', ether(3)]),
      batch([acme, '0x', ether(3)], [bob, '0x', ether(2)]),
    ],
    [
      'ether beside an approval',
      'rules[spender].maxPerRequest.native',
      safeTx(usdc, approve(router, 1n), 1n),
      safeTx(usdc, approve(router, 1n)),
    ],
    [
      'an approval of a thief',
      'actions[0].rules[spender].recipients',
      safeTx(usdc, approve(thief, 1n)),
      safeTx(usdc, approve(router, 1n)),
    ],
    [
      'an approval without end',
      'actions[0].rules[spender].dangers',
      safeTx(usdc, approve(router, never)),
      safeTx(usdc, approve(router, 1n)),
    ],
    [
      'tokens of others',
      'actions[0].rules[collect].call.args.from',
      safeTx(usdc, encode(from, bob, acme, 1n)),
      safeTx(usdc, encode(from, safe, acme, 1n)),
    ],
    [
      'own tokens taken by another',
      'actions[0].rules[collect].recipients',
      safeTx(usdc, encode(from, safe, thief, 1n)),
      safeTx(usdc, encode(from, safe, acme, 1n)),
    ],
    [
      'a delegatecall of a token',
      'actions[0].rules[pay].dangers',
      pay(acme, 1n, 0n, { operation: 1 }),
      pay(acme),
    ],
    [
      'an operation of 2',
      'actions[0].rules[pay].dangers',
      pay(acme, 1n, 0n, { operation: 2 }),
      pay(acme),
    ],
    [
      'a delegatecall without data',
      'actions[0].rules[ether].dangers',
      safeTx(acme, '0x', 0n, { operation: 1 }),
      safeTx(acme),
    ],
    [
      'a batch by a contract like multiSend',
      'actions[0].rules[batch].dangers',
      safeTx(otherBatch, multiSendOf(toAcme), 0n, { operation: 1 }),
      batch(toAcme),
    ],
    [
      'a theft at the end of a batch',
      'actions[0.1].rules[pay].recipients',
      batch(toAcme, toThief),
      batch(toAcme, toAcme),
    ],
    [
      'a theft in a batch in a batch',
      'actions[0.1.0].rules[pay].recipients',
      batch(toAcme, within(toThief)),
      batch(toAcme, within(toAcme)),
    ],
    [
      'an approval in a batch',
      'actions[0.1].rules[spender].recipients',
      batch(toAcme, [usdc, approve(thief, 1n)]),
      batch(toAcme, [usdc, approve(router, 1n)]),
    ],
    [
      'a delegatecall in a batch',
      'actions[0.0].rules[pay].dangers',
      batch([usdc, transfer(acme, 1n), 0n, 1]),
      batch([usdc, transfer(acme, 1n), 0n, 0]),
    ],
    [
      'nine levels',
      `actions[0${'.0'.repeat(8)}].rules[batch].dangers`,
      batch(deep(8, toThief)),
      batch(deep(7, toAcme)),
    ],
    [
      'bytes behind a batch',
      'actions[0].rules[batch].dangers',
      safeTx(multiSend, encode('multiSend(bytes)', '0x00'), 0n, {
        operation: 1,
      }),
      batch(toAcme),
    ],
    [
      'bytes behind a transfer',
      'actions[0].rules[pay].dangers',
      safeTx(usdc, `${transfer(acme, 1n)}00`),
      pay(acme),
    ],
    [
      'a recipient with dirty padding',
      'actions[0].rules[pay].dangers',
      safeTx(
        usdc,
        withWord(transfer(acme, 1n), 0, (1n << 160n) | BigInt(acme)),
      ),
      pay(acme),
    ],
    [
      'a batch that begins elsewhere',
      'actions[0].rules[batch].dangers',
      safeTx(
        multiSend,
        `${multiSendOf(toAcme).slice(0, 10)}${word(64n)}${word(0n)}${multiSendOf(toAcme).slice(74)}` as Hex,
        0n,
        { operation: 1 },
      ),
      batch(toAcme),
    ],
    [
      'a refund by gas price',
      'actions[].rules[sign].dangers',
      pay(acme, 1n, 0n, { gasPrice: '1' }),
      pay(acme),
    ],
    [
      'a refund by base gas',
      'actions[].rules[sign].dangers',
      pay(acme, 1n, 0n, { baseGas: '1' }),
      pay(acme),
    ],
    [
      'a refund in a token',
      'actions[].rules[sign].dangers',
      pay(acme, 1n, 0n, { gasToken: usdc }),
      pay(acme),
    ],
    [
      'a refund for a thief',
      'actions[].rules[sign].dangers',
      pay(acme, 1n, 0n, { refundReceiver: thief }),
      pay(acme),
    ],
    [
      'a nonce used up without effect',
      'actions[].rules[sign].dangers',
      pay(acme, 1n, 0n, { safeTxGas: '1' }),
      pay(acme),
    ],
    [
      'another Safe',
      'typedData.contracts',
      safeTx(usdc, transfer(acme, 1n), 0n, {}, thief),
      pay(acme),
    ],
    [
      'another chain',
      'actions[].rules[sign].chains',
      withoutChain(pay(acme), { chainId: 10, verifyingContract: safe }),
      pay(acme),
    ],
    [
      'a Safe of every chain',
      'actions[].rules[sign].chains',
      withoutChain(pay(acme), { verifyingContract: safe }),
      pay(acme),
    ],
    [
      'every Safe of a chain',
      'typedData.without',
      withoutChain(pay(acme), { chainId: 1 }),
      pay(acme),
    ],
    [
      'another type of this name',
      'typedData.kinds',
      typed('SafeTx: address to, uint256 value, bytes data', safe, {
        to: acme,
        value: '0',
        data: '0x',
      }),
      pay(acme),
    ],
    [
      'a message with a hash',
      'typedData.args.message',
      message(`0x${'ab'.repeat(32)}`),
      message('0x68656c6c6f20776f726c64'),
    ],
  ],
}
