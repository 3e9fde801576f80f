import { evaluate, parsePolicy } from '@keyward/guard'
import type { Hex } from 'viem'
import { encodeFunctionData, numberToHex } from 'viem'
import {
  entryPoint07Abi,
  entryPoint08Address,
  getUserOperationTypedData,
  toPackedUserOperation,
  type UserOperation,
} from 'viem/account-abstraction'
import { encodeExecuteData } from 'viem/experimental/erc7821'
import { expect, test } from 'vitest'
import { encode, transfer, vault, world } from './attacks/Attack.js'
import { account, acme, ask, send, thief, usdc } from './templateCases.js'

// What others write is read as it is meant: viem's encoders of ERC-7821 and of
// user operations.

const factory = `0x${'fa'.repeat(20)}` as const
const createAccount = 'createAccount(address owner,uint256 salt)'
const policy = parsePolicy(
  JSON.stringify({
    ...world,
    functions: [createAccount],
    rules: [
      {
        ...{ id: 'operate', chains: [1], dangers: ['init-code'] },
        typedData: { kinds: ['PackedUserOperation'] },
      },
      {
        ...{ id: 'bundle', chains: [1], dangers: ['init-code'] },
        call: { to: [entryPoint08Address], functions: ['handleOps'] },
      },
      {
        ...{ id: 'create', chains: [1] },
        call: { to: [factory], functions: ['createAccount'], spends: [] },
      },
      {
        ...{ id: 'wallet', chains: [1] },
        call: { to: [vault], functions: ['execute'] },
      },
      {
        ...{ id: 'pay', chains: [1], recipients: ['payees'] },
        call: { to: ['USDC'], functions: ['transfer'] },
      },
    ],
  }),
)

/** The rule that decided each action, by its path. */
function decide(given: unknown) {
  const { request, subject, facts } = ask(
    JSON.parse(
      JSON.stringify(given, (_, value: unknown) =>
        typeof value === 'bigint' ? `${value}` : value,
      ),
    ),
    'payouts',
  )
  const { actions, decision } = evaluate(policy, request, subject, facts)
  const rules = actions.map(({ path, rule }) => `${path}:${rule ?? 'none'}`)
  return [decision, ...rules].join(' ')
}

const execution = (to: string, opData?: Hex) =>
  encodeExecuteData({
    calls: [
      { to: usdc, data: transfer(acme, 1n) },
      { to: usdc, value: 0n, data: transfer(to, 1n) },
    ],
    ...(opData && { opData }),
  })

test.each([undefined, '0x1234'] as const)(
  'calls by ERC-7821, with data %s',
  (opData) => {
    const sent = (to: string) => decide(send(vault, execution(to, opData)))
    expect(sent(acme)).toBe('allow :wallet 0:pay 1:pay')
    expect(sent(thief)).toBe('deny :wallet 0:pay 1:none')
  },
)

const operation = (more: Partial<UserOperation<'0.8'>>, to = acme) =>
  ({
    ...{ sender: vault as Hex, nonce: 0n, callData: execution(to) },
    ...{ callGasLimit: 1n, verificationGasLimit: 1n, preVerificationGas: 1n },
    ...{ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, signature: '0x' },
    ...more,
  }) as UserOperation<'0.8'>
const factoryData = encode(createAccount, account, 0n)

test.each<[string, Partial<UserOperation<'0.8'>>, string]>([
  ['of an account', {}, ':operate 0:wallet 0.0:pay 0.1:pay'],
  [
    'of one that is new',
    { factory, factoryData },
    ':operate 0:create 1:wallet 1.0:pay 1.1:pay',
  ],
  [
    'of one whose code is delegated',
    {
      ...{ factory: '0x7702' },
      authorization: {
        ...{ address: factory, chainId: 1, nonce: 0 },
        ...{ r: numberToHex(1n), s: numberToHex(1n), yParity: 0 },
      },
      factoryData,
    },
    ':operate 0:create 1:wallet 1.0:pay 1.1:pay',
  ],
])('a user operation %s, signed', (_, more, rules) => {
  const { domain, types, primaryType, ...rest } = getUserOperationTypedData({
    ...{ chainId: 1, entryPointAddress: entryPoint08Address },
    userOperation: operation(more),
  })
  // viem leaves the signature in, which is no field of the type.
  const { signature: _signature, ...message } = rest.message as object & {
    signature?: unknown
  }
  const typedData = { domain, types, primaryType, message }
  expect(decide({ kind: 'typedData', typedData })).toBe(`allow ${rules}`)
})

test.each<[string, Partial<UserOperation<'0.8'>>, string]>([
  ['of an account', {}, ':bundle 0:wallet 0.0:pay 0.1:pay'],
  [
    'of one that is new',
    { factory, factoryData },
    ':bundle 0:create 1:wallet 1.0:pay 1.1:pay',
  ],
  [
    'of one whose code is delegated',
    { factory: '0x7702' },
    ':bundle 0:wallet 0.0:pay 0.1:pay',
  ],
])('a user operation %s, handed in', (_, more, rules) => {
  const packed = toPackedUserOperation(operation(more))
  const data = encodeFunctionData({
    ...({ abi: entryPoint07Abi, functionName: 'handleOps' } as const),
    args: [[packed], acme as Hex],
  })
  expect(decide(send(entryPoint08Address, data))).toBe(`allow ${rules}`)
})
