import type { Hex } from 'viem'
import {
  acme,
  bob,
  dollars,
  ether,
  multiSend,
  safe,
  safeTx,
  thief,
  usdc,
} from '../templateCases.js'
import {
  type Attack,
  type Attacks,
  approve,
  encode,
  multiSendOf,
  never,
  type Part,
  transfer,
  vault,
  world,
  zero,
} from './Attack.js'

const owner = `0x${'0c'.repeat(20)}`
const helper = `0x${'6d'.repeat(20)}`
const _pay = (to: string, amount = 1n, value = 0n, more = {}) =>
  safeTx(usdc, transfer(to, amount), value, more)
const batch = (...parts: readonly Part[]) =>
  safeTx(multiSend, multiSendOf(...parts), 0n, { operation: 1 })
const toAcme: Part = [usdc, transfer(acme, 1n)]

const swapOf = (newOwner: string) =>
  encode(
    'swapOwner(address prevOwner,address oldOwner,address newOwner)',
    ...[acme, bob, newOwner],
  )

/** Changes of the Safe itself: what the policy lets change, and to what. */
const changes = (
  [
    ['enableModule', 'address module', [helper], [thief]],
    ['setGuard', 'address guard', [helper], [zero]],
    ['setFallbackHandler', 'address handler', [helper], [thief]],
    [
      'swapOwner',
      'address prevOwner,address oldOwner,address newOwner',
      [acme, bob, owner],
      [acme, bob, thief],
    ],
    [
      'addOwnerWithThreshold',
      'address owner,uint256 threshold',
      [owner, 2n],
      [thief, 2n],
    ],
    ['changeThreshold', 'uint256 threshold', [2n], [1n]],
    [
      'removeOwner',
      'address prevOwner,address owner,uint256 threshold',
      [acme, bob, 2n],
      [acme, bob, 1n],
    ],
    [
      'approveHash',
      'bytes32 hashToApprove',
      [`0x${'01'.repeat(32)}`],
      [`0x${'02'.repeat(32)}`],
    ],
  ] as const
).map(([name, parameters, good, bad]) => {
  const signature = `${name}(${parameters})`
  return {
    name,
    good: encode(signature, ...good),
    bad: encode(signature, ...bad),
  }
})
const judged: Readonly<Record<string, object>> = {
  enableModule: { module: { in: [helper] } },
  setGuard: { guard: { in: [helper] } },
  setFallbackHandler: { handler: { in: [helper] } },
  swapOwner: { newOwner: { in: [owner] } },
  addOwnerWithThreshold: { owner: { in: [owner] } },
  changeThreshold: { threshold: { atLeast: '2' } },
  removeOwner: { threshold: { atLeast: '2' } },
  approveHash: { hashToApprove: { equals: `0x${'01'.repeat(32)}` } },
}

/** Of a contract that the Safe may call as it likes, but for dangers. */
const dangerous: readonly (readonly [name: string, data: Hex])[] = [
  ['ownership', encode('transferOwnership(address)', thief)],
  [
    'a role',
    encode('grantRole(bytes32,address)', `0x${'00'.repeat(32)}`, thief),
  ],
  ['a pending admin', encode('setPendingAdmin(address)', thief)],
  ['a minter', encode('addMinter(address)', thief)],
  ['an upgrade', encode('upgradeToAndCall(address,bytes)', thief, '0x')],
  [
    'an upgrade by an admin contract',
    encode('upgrade(address,address)', acme, thief),
  ],
  [
    'a facet',
    encode(
      'diamondCut((address,uint8,bytes4[])[],address,bytes)',
      [[thief, 0, []]],
      zero,
      '0x',
    ),
  ],
  ['a module', encode('enableModule(address)', thief)],
  [
    'an operator of all',
    encode('setApprovalForAll(address,bool)', thief, true),
  ],
  ['an approval without end', approve(thief, never)],
  [
    'an approval without end with bytes behind it',
    `${approve(thief, never)}00`,
  ],
]

/** Changes of a Safe, and of contracts that it owns, that owners sign. */
export const safeChanges: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        id: 'sign',
        chains: [1],
        typedData: { kinds: ['SafeTx'], contracts: [safe] },
      },
      {
        ...{ id: 'batch', chains: [1] },
        call: { to: [multiSend], functions: ['multiSend'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
        maxPerRequest: { USDC: `${dollars(100)}`, native: `${ether(5)}` },
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
      {
        ...{ id: 'use', chains: [1] },
        call: { to: [vault], functions: 'any', spends: 'unknown' },
      },
      ...changes.map(({ name }) => ({
        ...{ id: name, chains: [1] },
        call: { to: [safe], functions: [name], args: judged[name] },
        dangers: [
          'self-call',
          'module',
          'guard',
          'fallback-handler',
          'owners',
          'approve-hash',
        ],
      })),
    ] as Attacks['policy']['rules'],
  },
  attacks: [
    [
      'a call of itself',
      'actions[0].rules[enableModule].call.functions',
      safeTx(safe, encode('setModuleGuard(address)', thief)),
      safeTx(safe),
    ],
    ...changes.map(
      ({ name, good, bad }): Attack => [
        `${name} with another argument`,
        `actions[0].rules[${name}].call.args.${Object.keys(judged[name] ?? {})}`,
        safeTx(safe, bad),
        safeTx(safe, good),
      ],
    ),
    ...dangerous.map(
      ([name, data]): Attack => [
        `${name} of a contract`,
        'actions[0].rules[use].dangers',
        safeTx(vault, data),
        safeTx(vault, encode('deposit()')),
      ],
    ),
    [
      'a change of owners behind a payment',
      'actions[0.1].rules[swapOwner].call.args.newOwner',
      batch(toAcme, [safe, swapOf(thief)]),
      batch(toAcme, [safe, swapOf(owner)]),
    ],
  ],
}
