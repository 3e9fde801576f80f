import {
  account,
  acme,
  multiSend,
  permit,
  router,
  seconds,
  send,
  settlement,
  thief,
  typed,
  usdc,
} from '../templateCases.js'
import {
  type Attacks,
  approve,
  encode,
  multiSendOf,
  transfer,
  vault,
  withWord,
  world,
} from './Attack.js'

const multicall = (...data: readonly string[]) =>
  send(router, encode('multicall(bytes[] data)', data))
const vote = (struct: string, message: object) =>
  typed(struct, settlement, message)
const ballot = vote('Vote: Ballot ballot / Ballot: uint256 id, bool yes', {
  ballot: { id: '1', yes: true },
})
const soon = seconds + 600
const sell = (to: string, amount: bigint) =>
  encode('sell(address to,uint256 amount)', to, amount)

/** Rules that deny, before others that allow nearly all; declared types. */
export const denials: Attacks = {
  policy: {
    ...world,
    groups: { ...world.groups, thieves: [thief], batches: [multiSend] },
    functions: ['sell(address to,uint256 amount)'],
    types: { Vote: 'Vote(Ballot ballot)Ballot(uint256 id,bool yes)' },
    rules: [
      {
        ...{ id: 'no-thieves', effect: 'deny', chains: [1] },
        recipients: ['thieves'],
        call: {
          to: ['USDC', router],
          functions: ['transfer', 'approve', 'transferFrom'],
        },
      },
      {
        ...{ id: 'no-permit', effect: 'deny', recipients: ['thieves'] },
        typedData: { kinds: ['Permit'] },
      },
      {
        ...{ id: 'no-ether', effect: 'deny', recipients: ['thieves'] },
        payment: {},
      },
      {
        ...{ id: 'no-value-to-batches', effect: 'deny' },
        ...{ call: { to: ['batches'] }, recipients: ['batches'] },
      },
      {
        ...{ id: 'batch', chains: [1] },
        call: { to: ['batches'], functions: ['multiSend'] },
      },
      {
        ...{ id: 'no-large-sale', effect: 'deny' },
        call: { functions: ['sell'], args: { amount: { atLeast: '100' } } },
      },
      {
        ...{ id: 'no-dangers', effect: 'deny' },
        dangers: ['ownership', 'delegatecall', 'permit'],
      },
      { id: 'pay', chains: [1], payment: {} },
      {
        ...{
          id: 'call',
          chains: [1],
          dangers: ['malformed-call', 'ownership', 'permit'],
        },
        call: {
          to: ['USDC', router, vault],
          functions: 'any',
          spends: 'unknown',
        },
      },
      {
        ...{ id: 'sign', chains: [1] },
        typedData: {
          kinds: ['Permit', 'Vote'],
          contracts: ['USDC', settlement],
          spends: 'unknown',
        },
      },
    ],
  },
  attacks: [
    [
      'tokens for a thief',
      'rules[no-thieves]',
      send(usdc, transfer(thief, 1n)),
      send(usdc, transfer(acme, 1n)),
    ],
    [
      'an approval for a thief',
      'rules[no-thieves]',
      send(usdc, approve(thief, 1n)),
      send(usdc, approve(acme, 1n)),
    ],
    [
      'a transfer that nobody can read',
      'rules[no-thieves]',
      send(
        usdc,
        withWord(transfer(thief, 1n), 0, (1n << 160n) | BigInt(thief)),
      ),
      send(usdc, transfer(acme, 1n)),
    ],
    [
      'a transfer of an unnamed token',
      'actions[0].rules[no-thieves]',
      multicall(transfer(acme, 1n)),
      multicall(encode('deposit()')),
    ],
    [
      'ether for a thief',
      'rules[no-ether]',
      send(thief, '0x', 1n),
      send(acme, '0x', 1n),
    ],
    [
      'ether that an empty batch leaves to anyone',
      'actions[].rules[no-value-to-batches]',
      send(multiSend, multiSendOf(), 1n),
      send(multiSend, multiSendOf(), 0n),
    ],
    [
      'ether beside what a batch pays',
      'actions[].rules[no-value-to-batches]',
      send(multiSend, multiSendOf([acme, '0x', 1n]), 2n),
      send(multiSend, multiSendOf([acme, '0x', 1n]), 0n),
    ],
    [
      'a permit for a thief',
      'rules[no-permit]',
      permit(thief, 1n, soon),
      permit(acme, 1n, soon),
    ],
    [
      'a permit of another type',
      'rules[no-permit]',
      typed('Permit: address spender, uint256 amount', usdc, {
        spender: thief,
        amount: '1',
      }),
      permit(acme, 1n, soon),
    ],
    [
      'a large sale',
      'rules[no-large-sale]',
      send(vault, sell(acme, 100n)),
      send(vault, sell(acme, 99n)),
    ],
    [
      'a large sale within',
      'actions[1].rules[no-large-sale]',
      multicall(sell(acme, 1n), sell(acme, 100n)),
      multicall(sell(acme, 1n), sell(acme, 99n)),
    ],
    [
      'a sale that nobody can read',
      'rules[no-large-sale]',
      send(vault, `${sell(acme, 1n)}00`),
      send(vault, sell(acme, 1n)),
    ],
    [
      'ownership within',
      'actions[0].rules[no-dangers]',
      multicall(encode('transferOwnership(address)', thief)),
      multicall(encode('deposit()')),
    ],
    [
      'ownership with bytes behind it',
      'actions[0].rules[no-dangers]',
      multicall(`${encode('transferOwnership(address)', thief)}00`),
      multicall(encode('deposit()')),
    ],
    [
      'a permit that is handed in',
      'actions[0].rules[no-dangers]',
      multicall(
        encode(
          'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
          account,
          thief,
          1n,
          BigInt(soon),
          27,
          `0x${'11'.repeat(32)}`,
          `0x${'22'.repeat(32)}`,
        ),
      ),
      multicall(encode('deposit()')),
    ],
    [
      'a declared type with one field more',
      'rules[sign].typedData.kinds',
      vote(
        'Vote: Ballot ballot, address spender / Ballot: uint256 id, bool yes',
        { ballot: { id: '1', yes: true }, spender: thief },
      ),
      ballot,
    ],
    [
      'a declared type with another within',
      'rules[sign].typedData.kinds',
      vote('Vote: Ballot ballot / Ballot: address spender, uint256 amount', {
        ballot: { spender: thief, amount: '1' },
      }),
      ballot,
    ],
    [
      'a declared type of another place',
      'rules[sign].typedData.contracts',
      {
        ...ballot,
        typedData: {
          ...ballot.typedData,
          domain: { chainId: 1, verifyingContract: thief },
        },
      },
      ballot,
    ],
  ],
}
