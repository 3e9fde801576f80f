import {
  account,
  acme,
  bob,
  dollars,
  ether,
  router,
  seconds,
  send,
  thief,
  usdc,
  weth,
} from '../templateCases.js'
import {
  type Attacks,
  ape,
  approve,
  asking,
  encode,
  iso,
  items,
  lookalike,
  never,
  transfer,
  withWord,
  word,
  world,
  zero,
} from './Attack.js'

const pay = (to: string, amount = dollars(1), value = 0n, more = {}) =>
  send(usdc, transfer(to, amount), value, more)
const from = 'transferFrom(address,address,uint256)'
const forAll = 'setApprovalForAll(address,bool)'
const and = 'transferAndCall(address,uint256,bytes)'
const piece = 'safeTransferFrom(address,address,uint256,bytes)'
const item = 'safeTransferFrom(address,address,uint256,uint256,bytes)'
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
      {
        ...{ id: 'collect', chains: [1], recipients: ['payees'] },
        call: {
          ...{ to: ['USDC', stranger], functions: [from] },
          args: { from: { in: [bob] } },
        },
      },
      {
        ...{ id: 'spender', chains: [1], recipients: [router] },
        call: { to: ['WETH', 'APE'], functions: ['approve'] },
        maxPerRequest: { APE: '0' },
      },
      {
        ...{ id: 'operator', chains: [1], recipients: [router] },
        call: { to: ['APE', 'ITEMS'], functions: [forAll] },
      },
      {
        ...{ id: 'hand', chains: [1], recipients: ['payees'] },
        call: {
          to: ['WETH', 'APE', 'ITEMS'],
          functions: [and, 'safeTransferFrom', 'transfer'],
        },
        maxPerRequest: { ITEMS: '5' },
      },
      {
        ...{ id: 'burn', chains: [1], recipients: [zero] },
        call: { to: ['WETH'], functions: ['burn(uint256)'] },
        maxPerRequest: { WETH: '10' },
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
      'tokens of a stranger',
      'args.from',
      send(usdc, encode(from, account, acme, 1n)),
      send(usdc, encode(from, bob, acme, 1n)),
    ],
    [
      'tokens of others for a thief',
      'rules[collect].recipients',
      send(usdc, encode(from, bob, thief, 1n)),
      send(usdc, encode(from, bob, acme, 1n)),
    ],
    [
      'a 721 by the selector of a 20',
      'rules[collect].spends',
      send(stranger, encode(from, bob, acme, 1n)),
      send(usdc, encode(from, bob, acme, 1n)),
    ],
    [
      'an approval of a piece as an amount',
      'maxPerRequest.APE',
      send(ape, approve(router, 0n)),
      send(weth, approve(router, 0n)),
    ],
    [
      'an approval without end',
      'rules[spender].dangers',
      send(weth, approve(router, never)),
      send(weth, approve(router, 1n)),
    ],
    [
      'an approval as good as without end',
      'rules[spender].dangers',
      send(weth, approve(router, 2n ** 112n)),
      send(weth, approve(router, 2n ** 112n - 1n)),
    ],
    [
      'an approval of all that fits 96 bits',
      'rules[spender].dangers',
      send(weth, approve(router, 2n ** 96n - 1n)),
      send(weth, approve(router, 2n ** 96n)),
    ],
    [
      'an approval of a thief',
      'rules[spender].recipients',
      send(weth, approve(thief, 1n)),
      send(weth, approve(router, 1n)),
    ],
    [
      'all pieces approved',
      'rules[operator].dangers',
      send(ape, encode(forAll, router, true)),
      send(ape, encode(forAll, router, false)),
    ],
    [
      'all items approved',
      'rules[operator].dangers',
      send(items, encode(forAll, thief, true)),
      send(items, encode(forAll, thief, false)),
    ],
    [
      'a boolean of 2',
      'rules[operator].dangers',
      send(ape, withWord(encode(forAll, router, true), 1, 2n)),
      send(ape, encode(forAll, router, false)),
    ],
    [
      'data for the recipient of tokens',
      'rules[hand].dangers',
      send(weth, encode(and, acme, 1n, '0x01')),
      send(weth, encode(and, acme, 1n, '0x')),
    ],
    [
      'data for the recipient of a piece',
      'rules[hand].dangers',
      send(ape, encode(piece, account, acme, 1n, '0x01')),
      send(ape, encode(piece, account, acme, 1n, '0x')),
    ],
    [
      'data for the recipient of items',
      'rules[hand].dangers',
      send(items, encode(item, account, acme, 1n, 1n, '0x01')),
      send(items, encode(item, account, acme, 1n, 1n, '0x')),
    ],
    [
      'too many items',
      'maxPerRequest.ITEMS',
      send(items, encode(item, account, acme, 1n, 6n, '0x')),
      send(items, encode(item, account, acme, 6n, 5n, '0x')),
    ],
    [
      'items by the function of a 721',
      'rules[hand].spends',
      send(items, encode(piece, account, acme, 1n, '0x')),
      send(ape, encode(piece, account, acme, 1n, '0x')),
    ],
    [
      'a piece by the function of a 1155',
      'rules[hand].spends',
      send(ape, encode(item, account, acme, 1n, 1n, '0x')),
      send(items, encode(item, account, acme, 1n, 1n, '0x')),
    ],
    [
      'a transfer of a 20 by a 721',
      'rules[hand].spends',
      send(ape, transfer(acme, 1n)),
      send(weth, transfer(acme, 1n)),
    ],
    [
      'a tail elsewhere',
      'rules[hand].dangers',
      send(
        weth,
        `${withWord(encode(and, acme, 1n, '0x'), 2, 128n)}${word(0n)}`,
      ),
      send(weth, encode(and, acme, 1n, '0x')),
    ],
    [
      'a tail that overlaps the head',
      'rules[hand].dangers',
      send(weth, withWord(encode(and, acme, 1n, '0x'), 2, 64n)),
      send(weth, encode(and, acme, 1n, '0x')),
    ],
    [
      'too much burnt',
      'rules[burn].maxPerRequest.WETH',
      send(weth, encode('burn(uint256)', 11n)),
      send(weth, encode('burn(uint256)', 10n)),
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
      'a token’s call at a payee',
      'rules[pay].call.to',
      send(acme, transfer(acme, 1n), 1n),
      pay(acme),
    ],
  ],
}
