import type { Hex } from 'viem'
import { account, acme, send, thief, typed, usdc } from '../templateCases.js'
import {
  type Attacks,
  approve,
  asking,
  encode,
  never,
  transfer,
  vault,
  word,
  world,
} from './Attack.js'

const entryPoint = '0x0000000071727de22e5e9d8baf0edac6f37da032'
const factory = `0x${'fa'.repeat(20)}`
const delegated = `0x7702${'00'.repeat(18)}`
const createAccount = 'createAccount(address owner,uint256 salt)'
const initialize = 'initialize(address owner)'

const after = (to: string, data: string) => `${to}${data.slice(2)}`
const created = (owner: string, by: string = factory) =>
  after(by, encode(createAccount, owner, 0n))
const setUp = (owner: string) => after(delegated, encode(initialize, owner))
const approved = (spender: string, amount: bigint) =>
  after(usdc, approve(spender, amount))
const both = (owner: string) =>
  after(
    factory,
    encode('multicall(bytes[] data)', [
      encode(createAccount, account, 0n),
      encode(createAccount, owner, 1n),
    ]),
  )

const callData = encode(
  'execute(address target,uint256 value,bytes data)',
  ...[usdc, 0n, transfer(acme, 1n)],
)
const halves = (high: bigint, low: bigint): Hex =>
  `0x${word(high).slice(32)}${word(low).slice(32)}`
const fields = (initCode: string) => ({
  ...{ sender: vault, nonce: 0n, initCode, callData },
  ...{ accountGasLimits: halves(100_000n, 100_000n) },
  ...{ preVerificationGas: 50_000n, gasFees: halves(1n, 10n ** 9n) },
  paymasterAndData: '0x',
})
const operation = (initCode: string) =>
  typed(
    'PackedUserOperation: address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData',
    entryPoint,
    { ...fields(initCode), nonce: '0', preVerificationGas: '50000' },
  )
const handle = (...initCodes: readonly string[]) =>
  send(
    entryPoint,
    encode(
      'handleOps((address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData,bytes signature)[] ops,address beneficiary)',
      initCodes.map((one) => ({ ...fields(one), signature: '0x' })),
      acme,
    ),
  )
/** As somebody asks whom no rule lets create accounts. */
const asUser = (request: object) => asking(request, { caller: 'user' })

const operate = {
  ...{ chains: [1], recipients: [entryPoint] },
  typedData: { kinds: ['PackedUserOperation'], contracts: [entryPoint] },
}
const submit = {
  ...{ chains: [1], call: { to: [entryPoint], functions: ['handleOps'] } },
}

/** What an operation calls before its account: `initCode` (ERC-4337). */
export const accountCreation: Attacks = {
  policy: {
    ...world,
    functions: [createAccount, initialize],
    rules: [
      { id: 'user', callers: ['user'], ...operate },
      { id: 'submit', callers: ['user'], ...submit },
      {
        ...{ id: 'create', callers: ['payouts'], ...operate },
        dangers: ['init-code'],
      },
      {
        ...{ id: 'bundle', callers: ['payouts'], ...submit },
        dangers: ['init-code'],
      },
      {
        ...{ id: 'factory', chains: [1] },
        call: {
          ...{ to: [factory], functions: ['createAccount'], spends: [] },
          args: { owner: { in: [account] } },
        },
      },
      {
        ...{ id: 'several', chains: [1] },
        call: { to: [factory], functions: ['multicall'] },
      },
      {
        ...{ id: 'set-up', chains: [1] },
        call: {
          ...{ to: [vault], functions: ['initialize'], spends: [] },
          args: { owner: { in: [account] } },
        },
      },
      {
        ...{ id: 'wallet', chains: [1] },
        call: { to: [vault], functions: ['execute'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer', 'approve'] },
      },
    ],
  },
  attacks: [
    [
      'another factory',
      'actions[0].rules[factory].call.to',
      operation(created(account, thief)),
      operation(created(account)),
    ],
    [
      'an account of another',
      'actions[0].rules[factory].call.args.owner',
      operation(created(thief)),
      operation(created(account)),
    ],
    [
      'an account that no rule lets create',
      'actions[].rules[user].dangers',
      asUser(operation(created(account))),
      asUser(operation('0x')),
    ],
    [
      'an approval as a factory',
      'actions[0].rules[pay].recipients',
      operation(approved(thief, 1n)),
      operation(approved(acme, 1n)),
    ],
    [
      'all of a token as a factory',
      'actions[0].rules[pay].dangers',
      operation(approved(acme, never)),
      operation(approved(acme, 1n)),
    ],
    [
      'a second account, of another',
      'actions[0.1].rules[factory].call.args.owner',
      operation(both(thief)),
      operation(both(account)),
    ],
    [
      "bytes behind the factory's call",
      'actions[0].rules[factory].dangers',
      operation(`${created(account)}00`),
      operation(created(account)),
    ],
    [
      'half a factory',
      'rules[create].typedData.kinds',
      operation(factory.slice(0, 40)),
      operation(created(account)),
    ],
    [
      'another owner where the code is delegated',
      'actions[0].rules[set-up].call.args.owner',
      operation(setUp(thief)),
      operation(setUp(account)),
    ],
    [
      'delegated code that no rule lets set up',
      'actions[].rules[user].dangers',
      asUser(operation(delegated)),
      operation(delegated),
    ],
    [
      'another factory in what is handed in',
      'actions[0].rules[factory].call.to',
      handle(created(account, thief)),
      handle(created(account)),
    ],
    [
      'an account of another in the second operation',
      'actions[1].rules[factory].call.args.owner',
      handle('0x', created(thief)),
      handle('0x', created(account)),
    ],
    [
      'an account that no rule lets hand in',
      'actions[].rules[submit].dangers',
      asUser(handle('0x', created(account))),
      asUser(handle('0x', '0x')),
    ],
    [
      'half a factory in what is handed in',
      'actions[].rules[bundle].dangers',
      handle(factory.slice(0, 40)),
      handle(created(account)),
    ],
    [
      'all of a token as a factory in what is handed in',
      'actions[0].rules[pay].dangers',
      handle(approved(acme, never)),
      handle(approved(acme, 1n)),
    ],
  ],
}
