import {
  account,
  acme,
  bob,
  dollars,
  ether,
  seconds,
  send,
  thief,
  usdc,
} from '../templateCases.js'
import {
  type Attacks,
  asking,
  iso,
  lookalike,
  transfer,
  withWord,
  word,
  world,
  zero,
} from './Attack.js'

const pay = (to: string, amount = dollars(1), value = 0n, more = {}) =>
  send(usdc, transfer(to, amount), value, more)
const stranger = `0x${'5a'.repeat(20)}`
const blob = {
  maxFeePerBlobGas: '1',
  blobVersionedHashes: [`0x01${'00'.repeat(31)}`],
}
const signed = {
  ...{ chainId: 1, address: thief, nonce: 0 },
  ...{ r: `0x${'11'.repeat(32)}`, s: `0x${'22'.repeat(32)}`, yParity: 0 },
}

/** Transactions of one call. */
export const transfers: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{
          id: 'pay',
          callers: ['payouts'],
          accounts: [account],
          chains: [1],
        },
        call: { to: ['USDC'], functions: ['transfer'] },
        hours: [{ days: ['tue'], from: '08:00', to: '18:00' }],
        fee: { maxFee: `${ether(0.01)}`, maxGas: '200000' },
        recipients: ['payees'],
        maxPerRequest: { USDC: `${dollars(100)}`, native: '0' },
      },
      { id: 'found', chains: [1], create: {}, maxPerRequest: { native: '0' } },
      {
        ...{ id: 'ether', chains: [1], payment: {}, recipients: ['payees'] },
        maxPerRequest: { native: `${ether(1)}` },
      },
    ],
  },
  attacks: [
    ['a stranger is paid', 'rules[pay].recipients', pay(thief), pay(acme)],
    [
      'a look-alike is paid',
      'rules[pay].recipients',
      pay(lookalike),
      pay(acme),
    ],
    [
      'tokens for the zero address',
      'rules[pay].recipients',
      pay(zero),
      pay(acme),
    ],
    [
      'tokens for the token itself',
      'rules[pay].recipients',
      pay(usdc),
      pay(acme),
    ],
    [
      'one unit too much',
      'maxPerRequest.USDC',
      pay(acme, dollars(100) + 1n),
      pay(acme, dollars(100)),
    ],
    [
      'value beside a token call',
      'maxPerRequest.native',
      pay(acme, 1n, 1n),
      pay(acme),
    ],
    [
      'the fee as the way out',
      'fee.maxFee',
      pay(acme, 1n, 0n, { maxFeePerGas: '900000000000' }),
      pay(acme),
    ],
    [
      'gas as the way out',
      'fee.maxGas',
      pay(acme, 1n, 0n, { gas: 200_001 }),
      pay(acme),
    ],
    [
      'blobs as the way out',
      'rules[pay].types',
      pay(acme, 1n, 0n, blob),
      pay(acme),
    ],
    [
      'a delegation beside a payment',
      'rules[pay].types',
      pay(acme, 1n, 0n, { authorizationList: [signed] }),
      pay(acme),
    ],
    [
      'another chain',
      'rules[pay].chains',
      pay(acme, 1n, 0n, { chainId: 10 }),
      pay(acme),
    ],
    [
      'another token',
      'rules[pay].call.to',
      send(stranger, transfer(acme, 1n)),
      pay(acme),
    ],
    [
      'another caller',
      'rules[pay].callers',
      asking(pay(acme), { caller: 'Payouts' }),
      pay(acme),
    ],
    [
      'no caller',
      'rules[pay].callers',
      asking(pay(acme), { caller: undefined }),
      pay(acme),
    ],
    [
      'another account',
      'rules[pay].accounts',
      asking(pay(acme), { account: bob }),
      pay(acme),
    ],
    [
      'a payment at night',
      'rules[pay].hours',
      asking(pay(acme), {}, { time: iso(seconds + 8 * 3600) }),
      pay(acme),
    ],
    [
      'a payment on another day',
      'rules[pay].hours',
      asking(pay(acme), {}, { time: iso(seconds + 86_400) }),
      pay(acme),
    ],
    [
      'bytes behind the end',
      'rules[pay].dangers',
      send(usdc, `${transfer(acme, 1n)}00`),
      pay(acme),
    ],
    [
      'a word behind the end',
      'rules[pay].dangers',
      send(usdc, `${transfer(acme, 1n)}${word(1n)}`),
      pay(acme),
    ],
    [
      'a cut amount',
      'rules[pay].dangers',
      send(usdc, transfer(acme, 1n).slice(0, -2) as '0x'),
      pay(acme),
    ],
    [
      'a recipient with dirty padding',
      'rules[pay].dangers',
      send(usdc, withWord(transfer(acme, 1n), 0, (1n << 200n) | BigInt(acme))),
      pay(acme),
    ],
    [
      'ether for a new contract',
      'maxPerRequest.native',
      send(undefined, '0x6001', 1n),
      send(undefined, '0x6001'),
    ],
    [
      'ether for a thief',
      'rules[ether].recipients',
      send(thief, '0x', 1n),
      send(acme, '0x', 1n),
    ],
    [
      'ether for nobody',
      'rules[ether].recipients',
      send(zero, '0x', 1n),
      send(acme, '0x', 1n),
    ],
    [
      "a token's call at a payee",
      'rules[pay].call.to',
      send(acme, transfer(acme, 1n), 1n),
      pay(acme),
    ],
  ],
}
