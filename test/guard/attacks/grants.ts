import type { Hex } from 'viem'
import {
  acme,
  bob,
  multiSend,
  router,
  send,
  thief,
  usdc,
} from '../templateCases.js'
import {
  type Attacks,
  asking,
  encode,
  multiSendOf,
  never,
  vault,
  world,
  zero,
} from './Attack.js'

/** A contract that the policy lets call by any function. */
const pool = `0x${'90'.repeat(20)}`
const entryPoint = '0x0000000071727de22e5e9d8baf0edac6f37da032'
const [none, sig] = [`0x${'00'.repeat(32)}`, `0x${'11'.repeat(65)}`]

const at = (signature: string, ...args: readonly unknown[]) =>
  send(pool, encode(signature, ...args))
/** As somebody asks whom a rule lets hand signed approvals on. */
const asRelayer = (request: object) => asking(request, { caller: 'relayer' })

const delegate = (amount: bigint) =>
  encode('approveDelegation(address delegatee,uint256 amount)', thief, amount)
const ofId = 'approve(address spender,uint256 id,uint256 amount)'
const operator = 'setOperator(address operator,bool approved)'
const allow = 'allow(address manager,bool isAllowed)'
const bySig =
  'allowBySig(address owner,address manager,bool isAllowed,uint256 nonce,uint256 expiry,uint8 v,bytes32 r,bytes32 s)'
const withSig =
  'delegationWithSig(address delegator,address delegatee,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)'
const forAll =
  'permitForAll(address owner,address operator,bool approved,uint256 deadline,uint256 nonce,bytes signature)'
const position = at(
  'permit(address spender,uint256 tokenId,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
  ...[thief, 1n, never, 27, none, none],
)
const piece = at(
  'permit(address spender,uint256 tokenId,uint256 deadline,bytes signature)',
  ...[thief, 1n, never, sig],
)
const unordered = at(
  'permit(address spender,uint256 tokenId,uint256 deadline,uint256 nonce,bytes signature)',
  ...[thief, 1n, never, 0n, sig],
)
const collect = (to: string, data: Hex, amount = 1n) =>
  send(
    usdc,
    encode(
      'transferFromAndCall(address from,address to,uint256 amount,bytes data)',
      ...[bob, to, amount, data],
    ),
  )
const plainly = (to: string) =>
  send(
    usdc,
    encode(
      'transferFromAndCall(address from,address to,uint256 amount)',
      ...[bob, to, 1n],
    ),
  )
const safeCall = (data: Hex) =>
  send(
    vault,
    encode(
      'execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)',
      ...[pool, 0n, data, 0, 0n, 0n, 0n, zero, zero, '0x'],
    ),
  )
const accountCall = (data: Hex) =>
  encode('execute(address target,uint256 value,bytes data)', pool, 0n, data)
const handed = (data: Hex) =>
  send(
    entryPoint,
    encode(
      'handleOps((address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData,bytes signature)[] ops,address beneficiary)',
      [
        {
          ...{ sender: vault, nonce: 0n, initCode: '0x' },
          ...{ callData: accountCall(data), accountGasLimits: none },
          ...{ preVerificationGas: 0n, gasFees: none },
          ...{ paymasterAndData: '0x', signature: '0x' },
        },
      ],
      acme,
    ),
  )
const aggregated = (data: Hex) =>
  send(
    router,
    encode(
      'aggregate3((address target,bool allowFailure,bytes callData)[] calls)',
      [{ target: pool, allowFailure: true, callData: data }],
    ),
  )
const many = (data: Hex) =>
  send(pool, encode('multicall(bytes[] data)', [delegate(1n), data]))

/** Rights that are given away, of any function of a contract. */
export const grants: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'any', chains: [1] },
        call: { to: [pool], functions: 'any', spends: 'unknown' },
      },
      {
        ...{ id: 'relay', chains: [1], callers: ['relayer'] },
        call: { to: [pool], functions: 'any', spends: 'unknown' },
        dangers: ['permit'],
      },
      {
        ...{ id: 'run', chains: [1] },
        call: {
          to: [router, vault, multiSend, entryPoint],
          functions: [
            ...['aggregate3', 'multiSend', 'execTransaction', 'handleOps'],
            'execute',
          ],
        },
      },
      {
        ...{ id: 'collect', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transferFromAndCall'] },
        maxPerRequest: { USDC: '100' },
      },
    ],
  },
  attacks: [
    [
      'all of one id (ERC-6909)',
      'rules[any].dangers',
      at(ofId, thief, 7n, never),
      at(ofId, thief, 7n, 5n),
    ],
    [
      'an operator of all ids (ERC-6909)',
      'rules[any].dangers',
      at(operator, thief, true),
      at(operator, thief, false),
    ],
    [
      'debts without end in the own name (Aave)',
      'rules[any].dangers',
      send(pool, delegate(never)),
      send(pool, delegate(5n)),
    ],
    [
      'a manager of all (Compound)',
      'rules[any].dangers',
      at(allow, thief, true),
      at(allow, thief, false),
    ],
    [
      'a manager, as it was signed',
      'rules[any].dangers',
      at(bySig, bob, thief, false, 0n, never, 27, none, none),
      asRelayer(at(bySig, bob, thief, false, 0n, never, 27, none, none)),
    ],
    [
      'a manager of all, as it was signed',
      'rules[relay].dangers',
      asRelayer(at(bySig, bob, thief, true, 0n, never, 27, none, none)),
      asRelayer(at(bySig, bob, thief, false, 0n, never, 27, none, none)),
    ],
    [
      'debts without end, as it was signed',
      'rules[relay].dangers',
      asRelayer(at(withSig, bob, thief, never, never, 27, none, none)),
      asRelayer(at(withSig, bob, thief, 5n, never, 27, none, none)),
    ],
    [
      'an operator of all, as it was signed',
      'rules[relay].dangers',
      asRelayer(at(forAll, bob, thief, true, never, 0n, sig)),
      asRelayer(at(forAll, bob, thief, false, never, 0n, sig)),
    ],
    [
      'a position, as it was signed',
      'rules[any].dangers',
      position,
      asRelayer(position),
    ],
    [
      'one piece, as it was signed (ERC-4494)',
      'rules[any].dangers',
      piece,
      asRelayer(piece),
    ],
    [
      'one piece, as it was signed with a nonce',
      'rules[any].dangers',
      unordered,
      asRelayer(unordered),
    ],
    [
      'bytes that a token hands on with what it collects',
      'rules[collect].dangers',
      collect(acme, '0x12'),
      collect(acme, '0x'),
    ],
    [
      'what a token collects for a thief',
      'rules[collect].recipients',
      collect(thief, '0x'),
      collect(acme, '0x'),
    ],
    [
      'too much collected',
      'rules[collect].maxPerRequest.USDC',
      collect(acme, '0x', 101n),
      collect(acme, '0x', 100n),
    ],
    [
      'what a token collects for a thief, plainly',
      'rules[collect].recipients',
      plainly(thief),
      plainly(acme),
    ],
    [
      'debts without end in a multicall',
      'actions[1].rules[any].dangers',
      many(delegate(never)),
      many(delegate(5n)),
    ],
    [
      'debts without end in aggregate3',
      'actions[0].rules[any].dangers',
      aggregated(delegate(never)),
      aggregated(delegate(5n)),
    ],
    [
      'debts without end in a batch of a Safe',
      'actions[0].rules[any].dangers',
      send(multiSend, multiSendOf([pool, delegate(never)])),
      send(multiSend, multiSendOf([pool, delegate(5n)])),
    ],
    [
      'debts without end of a Safe',
      'actions[0].rules[any].dangers',
      safeCall(delegate(never)),
      safeCall(delegate(5n)),
    ],
    [
      'debts without end in an operation',
      'actions[0.0].rules[any].dangers',
      handed(delegate(never)),
      handed(delegate(5n)),
    ],
    [
      'bytes behind a delegation',
      'rules[any].dangers',
      send(pool, `${delegate(5n)}00`),
      send(pool, delegate(5n)),
    ],
  ],
}
