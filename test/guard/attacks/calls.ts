import {
  account,
  acme,
  bob,
  router,
  send,
  thief,
  usdc,
} from '../templateCases.js'
import {
  type Attacks,
  approve,
  encode,
  lookalike,
  permit2,
  transfer,
  vault,
  word,
  world,
} from './Attack.js'

const multicall = (...data: readonly string[]) =>
  encode('multicall(bytes[] data)', data)
const aggregate = (...parts: readonly (readonly [string, bigint, string])[]) =>
  send(
    router,
    encode(
      'aggregate3Value((address target,bool allowFailure,uint256 value,bytes callData)[] calls)',
      parts.map(([target, value, callData]) => ({
        ...{ target, allowFailure: true, value, callData },
      })),
    ),
  )
const execute = (to: string, data: string, wallet = vault, value = 0n) =>
  send(
    wallet,
    encode('execute(address target,uint256 value,bytes data)', to, value, data),
  )
const three = (targets: string[], values: bigint[], datas: string[]) =>
  send(
    vault,
    encode(
      'executeBatch(address[] targets,uint256[] values,bytes[] datas)',
      ...[targets, values, datas],
    ),
  )
const move = (token: string, to: string, amount = 1n) =>
  send(
    permit2,
    encode(
      'transferFrom((address from,address to,uint160 amount,address token)[] transferDetails)',
      [
        { from: bob, to: acme, amount: 1n, token: usdc },
        { from: bob, to, amount, token },
      ],
    ),
  )
const allow = (spender: string, token: string = usdc, amount = 1n) =>
  send(
    permit2,
    encode(
      'approve(address token,address spender,uint160 amount,uint48 expiration)',
      ...[token, spender, amount, 9],
    ),
  )
const one = transfer(acme, 1n)

/** Calls that hold others, and those of Permit2. */
export const calls: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'bundle', chains: [1] },
        call: {
          to: ['USDC', router],
          functions: ['multicall', 'aggregate3Value'],
        },
        maxPerRequest: { native: '0' },
      },
      {
        ...{ id: 'wallet', chains: [1] },
        call: { to: [vault, account], functions: ['execute', 'executeBatch'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
        maxPerRequest: { USDC: '100' },
      },
      {
        ...{ id: 'spender', chains: [1], recipients: [router] },
        call: { to: ['USDC'], functions: ['approve'] },
      },
      {
        ...{ id: 'move', chains: [1], recipients: ['payees', router] },
        call: { to: [permit2], functions: ['transferFrom', 'approve'] },
        maxPerRequest: { USDC: '100' },
      },
    ],
  },
  attacks: [
    [
      'a theft in a multicall',
      'actions[1].rules[pay].recipients',
      send(usdc, multicall(one, transfer(thief, 1n))),
      send(usdc, multicall(one, one)),
    ],
    [
      'a look-alike in a multicall',
      'actions[1].rules[pay].recipients',
      send(usdc, multicall(one, transfer(lookalike, 1n))),
      send(usdc, multicall(one, one)),
    ],
    [
      'an approval in a multicall',
      'actions[0].rules[spender].recipients',
      send(usdc, multicall(approve(thief, 1n))),
      send(usdc, multicall(approve(router, 1n))),
    ],
    [
      'a theft in a multicall in a multicall',
      'actions[0.0].rules[pay].recipients',
      send(usdc, multicall(multicall(transfer(thief, 1n)))),
      send(usdc, multicall(multicall(one))),
    ],
    [
      'too much in a multicall',
      'rules[pay].maxPerRequest.USDC',
      send(usdc, multicall(transfer(acme, 60n), transfer(bob, 41n))),
      send(usdc, multicall(transfer(acme, 60n), transfer(bob, 40n))),
    ],
    [
      'value beside a multicall',
      'rules[bundle].maxPerRequest.native',
      send(usdc, multicall(one), 1n),
      send(usdc, multicall(one)),
    ],
    [
      'bytes behind a call of a multicall',
      'actions[0].rules[pay].dangers',
      send(usdc, multicall(`${one}00`)),
      send(usdc, multicall(one)),
    ],
    [
      'bytes behind a multicall',
      'actions[].rules[bundle].dangers',
      send(usdc, `${multicall(one)}${word(0n)}`),
      send(usdc, multicall(one)),
    ],
    [
      'an approval by another contract',
      'actions[1].rules[spender].recipients',
      aggregate([usdc, 0n, one], [usdc, 0n, approve(thief, 1n)]),
      aggregate([usdc, 0n, one], [usdc, 0n, approve(router, 1n)]),
    ],
    [
      'value of a call within',
      'rules[bundle].maxPerRequest.native',
      aggregate([usdc, 1n, one]),
      aggregate([usdc, 0n, one]),
    ],
    [
      'another contract within',
      'actions[0].rules[pay].call.to',
      aggregate([thief, 0n, one]),
      aggregate([usdc, 0n, one]),
    ],
    [
      'an account that calls itself',
      'actions[].rules[wallet].dangers',
      execute(usdc, one, account),
      execute(usdc, one),
    ],
    [
      'a wallet that calls itself',
      'actions[0].rules[wallet].dangers',
      execute(vault, execute(usdc, one).transaction.data),
      execute(usdc, one),
    ],
    [
      'a wallet that pays a stranger',
      'actions[0].rules[pay].recipients',
      execute(usdc, transfer(thief, 1n)),
      execute(usdc, one),
    ],
    [
      'a second target',
      'actions[1].rules[pay].recipients',
      three([usdc, usdc], [0n, 0n], [one, transfer(thief, 1n)]),
      three([usdc, usdc], [0n, 0n], [one, one]),
    ],
    [
      'a target without data',
      'actions[].rules[wallet].dangers',
      three([usdc, thief], [0n, 1n], [one]),
      three([usdc], [0n], [one]),
    ],
    [
      'a transfer by Permit2 to a thief',
      'rules[move].recipients',
      move(usdc, thief),
      move(usdc, acme),
    ],
    [
      'a transfer of an unnamed token',
      'rules[move].spends',
      move(thief, acme),
      move(usdc, acme),
    ],
    [
      'too much in two transfers',
      'rules[move].maxPerRequest.USDC',
      move(usdc, acme, 100n),
      move(usdc, acme, 99n),
    ],
    [
      'a thief approved at Permit2',
      'rules[move].recipients',
      allow(thief),
      allow(router),
    ],
    [
      'an unnamed token approved at Permit2',
      'rules[move].spends',
      allow(router, thief),
      allow(router),
    ],
    [
      'all approved at Permit2',
      'rules[move].dangers',
      allow(router, usdc, 2n ** 160n - 1n),
      allow(router),
    ],
  ],
}
