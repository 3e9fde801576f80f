import { type Hex, TypedData } from '@keyward/core'
import { createGuard, parsePolicy } from '@keyward/guard'
import {
  Contracts,
  callOnlyBatches,
  encodeCall,
  encodeMultiSend,
  explain,
  SafeFunctions,
  type Signature,
  type Value,
} from '@keyward/guard/calls'
import { describe, expect, test } from 'vitest'
import { findMessageDangers } from '../message/findMessageDangers.js'
import { readMeaning } from '../message/readMeaning.js'
import * as SafeMessage from '../SafeMessage.js'
import * as SafeTransaction from '../SafeTransaction.js'
import type { Rules } from './Danger.js'
import { findDangers } from './findDangers.js'
import { byPolicy, namedByPolicy } from './namedByPolicy.js'

// A rule of the owner's policy opens what it names, where it stands; without
// one the danger stays closed.

const safe: Hex = `0x${'5a'.repeat(20)}`
const other: Hex = `0x${'0c'.repeat(20)}`
const domain = { chainId: 1, safe }
const [batch] = Object.keys(callOnlyBatches) as [Hex]

type Transaction = Partial<SafeTransaction.SafeTransaction>
const call = (to: Hex, signature: Signature, ...values: Value[]) => ({
  ...{ to, value: 0n, data: encodeCall(signature, values) },
})
const all = 2n ** 256n - 1n
const transfer = call(other, Contracts.transfer, other, 1n)
const cases: Record<string, { does: Transaction }> = {
  owners: {
    does: call(safe, SafeFunctions.addOwnerWithThreshold, other, 1n),
  },
  module: { does: call(safe, SafeFunctions.enableModule, other) },
  guard: { does: call(safe, SafeFunctions.setGuard, other) },
  'fallback-handler': {
    does: call(safe, SafeFunctions.setFallbackHandler, other),
  },
  'approve-hash': {
    does: call(other, SafeFunctions.approveHash, `0x${'11'.repeat(32)}`),
  },
  ownership: {
    does: call(other, Contracts.ownership[0] as Signature, other),
  },
  upgrade: { does: call(other, Contracts.upgrades[0] as Signature, other) },
  'unlimited-approval': { does: call(other, Contracts.approve, other, all) },
  'approval-for-all': {
    does: call(other, Contracts.setApprovalForAll, other, true),
  },
  delegatecall: { does: { ...transfer, operation: 1 } },
  refund: { does: { ...transfer, gasPrice: 1n } },
  'safe-tx-gas': { does: { ...transfer, safeTxGas: 1n } },
  'self-call': { does: { ...transfer, to: safe } },
}

const guardOf = (dangers: readonly string[], mode = 'enforce') => {
  const by = { callers: ['anna'], chains: [1], dangers }
  const policy = {
    ...{ version: 1, mode },
    rules: [
      {
        id: 'safe',
        ...by,
        typedData: { kinds: ['SafeTx', 'SafeMessage'], spends: 'unknown' },
      },
      {
        id: 'call',
        ...by,
        call: { to: [safe, other, batch], functions: 'any', spends: 'unknown' },
      },
      { id: 'pay', ...by, payment: {} },
      { id: 'say', callers: ['anna'], message: { kinds: ['text'] } },
    ],
  }
  return createGuard({ policy: parsePolicy(JSON.stringify(policy)) })
}
async function namedBy(
  guard: ReturnType<typeof guardOf>,
  typedData: TypedData.TypedData,
) {
  const digest = TypedData.getSignPayload(typedData)
  const asked = { purpose: 'request', keyId: '', address: other } as const
  return namedByPolicy(
    await guard.readNamed(
      { kind: 'typedData', typedData },
      { ...asked, digest, caller: 'anna' },
    ),
  )
}

const facts = {
  safe,
  hasCode: () => true,
  isCallOnlyBatch: (address: Hex) => address in callOnlyBatches,
  supplyOf: () => undefined,
  isCollection: () => false,
}
function find(does: Transaction, rules: Rules): string[] {
  const transaction = SafeTransaction.create({ to: other, nonce: 0n, ...does })
  const { to, value, data, operation } = transaction
  const explained = explain({ from: safe, to, value, data, operation })
  return findDangers(transaction, explained, facts, rules).map(
    ({ danger, path }) => `${danger} ${path}`,
  )
}
const toTypedData = (does: Transaction) =>
  SafeTransaction.toTypedData(
    domain,
    SafeTransaction.create({ to: other, nonce: 0n, ...does }),
  )

describe.each(Object.entries(cases))('%s', (name, { does }) => {
  const own = byPolicy[name as keyof typeof byPolicy]
  // A call of the Safe to itself is one more danger to a policy.
  const dangers = [...new Set([name, 'self-call'])]

  test('is refused unless a rule names it', async () => {
    expect(find(does, {})).toEqual([`${own} `])
    for (const named of [
      await namedBy(guardOf([]), toTypedData(does)),
      await namedBy(guardOf(dangers, 'shadow'), toTypedData(does)),
    ]) {
      expect(named).toEqual([])
      expect(find(does, { named })).toEqual([`${own} `])
    }
  })

  test('is allowed by a rule, and by a setting', async () => {
    const named = await namedBy(guardOf(dangers), toTypedData(does))
    expect(find(does, { named })).toEqual([])
    if (own !== undefined) expect(find(does, { open: [own] })).toEqual([])
  })
})

test('it is allowed only at its path', async () => {
  const approve = cases['unlimited-approval']?.does as typeof transfer
  const calls = [transfer, approve]
  const does: Transaction = {
    ...{ to: batch, operation: 1 as const, data: encodeMultiSend(calls) },
  }
  const named = await namedBy(
    guardOf(['unlimited-approval']),
    toTypedData(does),
  )
  expect(named).toEqual([{ danger: 'unlimited-approval', path: '1' }])
  expect(find(does, { named })).toEqual([])
  const elsewhere = { ...does, data: encodeMultiSend([approve, transfer]) }
  expect(find(elsewhere, { named })).toEqual(['unlimited-approval 0'])
})

test('wrapped-hash: a message, too', async () => {
  const preimage = { message: 'hello' }
  const look = (rules: Rules) =>
    findMessageDangers(
      readMeaning(preimage, safe),
      domain,
      { supplyOf: () => undefined, now: 0 },
      rules,
    ).map(({ danger }) => danger)
  const typedData = SafeMessage.toTypedData(domain, preimage)
  const named = await namedBy(guardOf(['wrapped-hash']), typedData)
  expect(look({ named: await namedBy(guardOf([]), typedData) })).toEqual([
    'safe-message',
  ])
  expect(look({ named })).toEqual([])
})

test('a rule that names an order for nothing opens that, and not what takes all', async () => {
  const addresses = ['sellToken', 'buyToken', 'receiver']
  const texts = ['kind', 'sellTokenBalance', 'buyTokenBalance']
  const fields = [
    ...addresses.map((name) => ({ name, type: 'address' })),
    ...['sellAmount', 'buyAmount'].map((name) => ({ name, type: 'uint256' })),
    { name: 'validTo', type: 'uint32' },
    { name: 'appData', type: 'bytes32' },
    { name: 'feeAmount', type: 'uint256' },
    { name: 'kind', type: 'string' },
    { name: 'partiallyFillable', type: 'bool' },
    ...texts.slice(1).map((name) => ({ name, type: 'string' })),
  ]
  const typedData: TypedData.TypedData = {
    domain: { chainId: 1n, verifyingContract: other },
    types: { Order: fields },
    primaryType: 'Order',
    message: {
      ...Object.fromEntries(addresses.map((name) => [name, other])),
      ...{ receiver: safe, sellAmount: all, buyAmount: 0n, feeAmount: 0n },
      ...{ validTo: 9n, appData: `0x${'00'.repeat(32)}` },
      ...Object.fromEntries(texts.map((name) => [name, 'erc20'])),
      partiallyFillable: false,
    },
  }
  const allow = { callers: ['anna'], maxValidity: 'unlimited', chains: [1] }
  const policy = {
    version: 1,
    rules: [
      {
        ...{ id: 'sell', ...allow, dangers: ['order-for-nothing'] },
        typedData: { kinds: ['Order'], spends: 'unknown' },
      },
    ],
  }
  const guard = createGuard({ policy: parsePolicy(JSON.stringify(policy)) })
  const named = await namedBy(guard, typedData)
  const rules = { open: ['safe-message' as const], named }
  const facts = { supplyOf: () => undefined, now: 0 }
  expect(named).toEqual([{ danger: 'order-for-nothing', path: '' }])
  expect(
    findMessageDangers(
      ...([readMeaning({ typedData }, safe), domain, facts, rules] as const),
    ).map(({ danger }) => danger),
  ).toEqual(['unlimited-approval'])
})
