import type { Hex } from 'viem'
import { acme, send, thief, typed, usdc } from '../templateCases.js'
import { type Attacks, encode, transfer, vault, word, world } from './Attack.js'

const entryPoint = '0x0000000071727de22e5e9d8baf0edac6f37da032'
const execute = (to: string, data: string, value = 0n) =>
  encode('execute(address target,uint256 value,bytes data)', to, value, data)
const batch = (...calls: readonly (readonly [string, bigint, string])[]) =>
  encode(
    'executeBatch((address target,uint256 value,bytes data)[] calls)',
    calls.map(([target, value, data]) => ({ target, value, data })),
  )
const halves = (high: bigint, low: bigint): Hex =>
  `0x${word(high).slice(32)}${word(low).slice(32)}`
const one = transfer(acme, 1n)
const fields = (callData: Hex, more: object = {}) => ({
  ...{ sender: vault, nonce: 0n, initCode: '0x', callData },
  ...{ accountGasLimits: halves(100_000n, 100_000n) },
  ...{ preVerificationGas: 50_000n, gasFees: halves(1n, 10n ** 9n) },
  ...{ paymasterAndData: '0x', ...more },
})
const operation = (callData: Hex, more: object = {}, contract = entryPoint) =>
  typed(
    'PackedUserOperation: address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData',
    contract,
    {
      ...fields(callData, more),
      ...{ nonce: '0', preVerificationGas: '50000' },
    },
  )
const handle = (callData: Hex, beneficiary: string = acme, more = {}) =>
  send(
    entryPoint,
    encode(
      'handleOps((address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData,bytes signature)[] ops,address beneficiary)',
      [{ ...fields(callData, more), signature: '0x' }],
      beneficiary,
    ),
  )
const paymaster = `0x${'99'.repeat(20)}${'00'.repeat(10)}ffffffffffff${'00'.repeat(16)}`

/** Operations of smart accounts (ERC-4337). */
export const userOperations: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'operate', chains: [1], recipients: [entryPoint] },
        typedData: {
          ...{ kinds: ['PackedUserOperation'], contracts: [entryPoint] },
          args: {
            sender: { in: [vault] },
            initCode: { equals: '0x' },
            paymasterAndData: { length: { atMost: '52' } },
          },
        },
        maxPerRequest: { native: `${10n ** 15n}` },
      },
      {
        ...{ id: 'handle', chains: [1] },
        call: {
          ...{ to: [entryPoint], functions: ['handleOps'] },
          args: {
            beneficiary: { in: ['payees'] },
            ops: { every: { fields: { sender: { in: [vault] } } } },
          },
        },
      },
      {
        ...{ id: 'wallet', chains: [1] },
        call: { to: [vault], functions: ['execute', 'executeBatch'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
        maxPerRequest: { USDC: '100' },
      },
    ],
  },
  attacks: [
    [
      'a transfer to a stranger',
      'actions[0.0].rules[pay].recipients',
      operation(execute(usdc, transfer(thief, 1n))),
      operation(execute(usdc, one)),
    ],
    [
      'an approval',
      'actions[0.0].rules[pay].call.functions',
      operation(execute(usdc, encode('approve(address,uint256)', acme, 1n))),
      operation(execute(usdc, one)),
    ],
    [
      'a theft in its batch',
      'actions[0.1].rules[pay].recipients',
      operation(batch([usdc, 0n, one], [usdc, 0n, transfer(thief, 1n)])),
      operation(batch([usdc, 0n, one], [usdc, 0n, one])),
    ],
    [
      'too much in its batch',
      'rules[pay].maxPerRequest.USDC',
      operation(
        batch([usdc, 0n, transfer(acme, 60n)], [usdc, 0n, transfer(acme, 41n)]),
      ),
      operation(
        batch([usdc, 0n, transfer(acme, 60n)], [usdc, 0n, transfer(acme, 40n)]),
      ),
    ],
    [
      'value of its call',
      'rules[operate].maxPerRequest.native',
      operation(execute(usdc, one, 10n ** 18n)),
      operation(execute(usdc, one)),
    ],
    [
      'a call of itself',
      'actions[0.0].rules[wallet].dangers',
      operation(execute(vault, execute(usdc, one))),
      operation(execute(usdc, one)),
    ],
    [
      'bytes behind its call',
      'actions[0].rules[wallet].dangers',
      operation(`${execute(usdc, one)}00`),
      operation(execute(usdc, one)),
    ],
    [
      'another sender',
      'rules[operate].typedData.args.sender',
      operation(execute(usdc, one), { sender: thief }),
      operation(execute(usdc, one)),
    ],
    [
      'code of a new account',
      'rules[operate].typedData.args.initCode',
      operation(execute(usdc, one), { initCode: thief }),
      operation(execute(usdc, one)),
    ],
    [
      'the fee as the way out',
      'rules[operate].maxPerRequest.native',
      operation(execute(usdc, one), { gasFees: halves(1n, 10n ** 13n) }),
      operation(execute(usdc, one)),
    ],
    [
      'gas of a paymaster as the way out',
      'rules[operate].maxPerRequest.native',
      operation(execute(usdc, one), { paymasterAndData: paymaster }),
      operation(execute(usdc, one), {
        paymasterAndData: paymaster.replace('f'.repeat(12), '0'.repeat(12)),
      }),
    ],
    [
      'another entry point',
      'rules[operate].typedData.contracts',
      operation(execute(usdc, one), {}, thief),
      operation(execute(usdc, one)),
    ],
    [
      'an operation that is handed in',
      'actions[0.0].rules[pay].recipients',
      handle(execute(usdc, transfer(thief, 1n))),
      handle(execute(usdc, one)),
    ],
    [
      'a beneficiary',
      'rules[handle].call.args.beneficiary',
      handle(execute(usdc, one), thief),
      handle(execute(usdc, one)),
    ],
    [
      'a sender that is handed in',
      'rules[handle].call.args.ops',
      handle(execute(usdc, one), acme, { sender: thief }),
      handle(execute(usdc, one)),
    ],
  ],
}
