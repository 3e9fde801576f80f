import {
  account,
  acme,
  bob,
  router,
  send,
  thief,
  usdc,
  weth,
} from '../templateCases.js'
import {
  type Attacks,
  ape,
  approve,
  encode,
  items,
  never,
  transfer,
  withWord,
  word,
  world,
  zero,
} from './Attack.js'

const from = 'transferFrom(address,address,uint256)'
const forAll = 'setApprovalForAll(address,bool)'
const and = 'transferAndCall(address,uint256,bytes)'
const piece = 'safeTransferFrom(address,address,uint256,bytes)'
const item = 'safeTransferFrom(address,address,uint256,uint256,bytes)'
const stranger = `0x${'5a'.repeat(20)}`

/** Tokens of all kinds, and approvals of them. */
export const tokens: Attacks = {
  policy: {
    ...world,
    rules: [
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
    ],
  },
  attacks: [
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
  ],
}
