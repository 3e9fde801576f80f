import {
  encodeFunctionData,
  type Hex,
  maxUint256,
  parseAbi,
  zeroHash,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeMultiSend } from '../../packages/guard/src/calls/index.js'
import {
  cosign,
  type Danger,
  encodeExecution,
  readState,
  review,
  SafeSignature,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import { createOwners, type Owner, openSafe } from '../support/safe/owners.js'
import {
  type SafeVersion,
  safeContracts,
  safeVersions,
} from '../support/safe/safeContracts.js'
import {
  deployOpenZeppelin,
  deployThief,
} from '../support/safe/testContracts.js'

let chain: SafeChain
let owners: Owner[]
let token: Hex
let proxyAdmin: Hex
beforeAll(async () => {
  chain = await openSafeChain()
  owners = await createOwners(3)
  token = (
    await deployOpenZeppelin(chain, 'ERC20PresetFixedSupply', [
      'Test',
      'TST',
      10n ** 24n,
      chain.operator,
    ])
  ).toLowerCase() as Hex
  proxyAdmin = (
    await deployOpenZeppelin(chain, 'ProxyAdmin')
  ).toLowerCase() as Hex
})
afterAll(() => chain?.close())

const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function transferOwnership(address newOwner)',
  'function swapOwner(address prevOwner, address oldOwner, address newOwner)',
  'function enableModule(address module)',
  'function setGuard(address guard)',
  'function setFallbackHandler(address handler)',
  'function approveHash(bytes32 hash)',
  'function setApprovalForAll(address operator, bool approved)',
  'function upgradeTo(address implementation)',
  'function approveDelegation(address delegatee, uint256 amount)',
  'function allow(address manager, bool isAllowed)',
  'function execute(bytes32 mode, bytes executionData)',
  'function multicall(bytes[] data)',
  'function execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)',
])
const encode = (functionName: string, ...args: unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args } as never)
const payee: Hex = `0x${'aa'.repeat(20)}`
const thief: Hex = `0x${'bd'.repeat(20)}`
const zero: Hex = `0x${'00'.repeat(20)}`
const callOnly = (version: SafeVersion): Hex =>
  safeContracts(version).multiSendCallOnly.address.toLowerCase() as Hex

const open = (version: SafeVersion = '1.4.1') =>
  openSafe(chain, { owners: owners.map(({ address }) => address), version })
type Safe = Awaited<ReturnType<typeof open>>

async function look(
  safe: Safe,
  given: Partial<SafeTransaction.SafeTransaction>,
  rules: Danger.Rules = {},
) {
  const { nonce } = await readState(safe.rpc, safe.domain)
  const transaction = SafeTransaction.create({ to: payee, nonce, ...given })
  return review(safe.domain, transaction, { ...safe.review, rules })
}

/** What was found, without the words. */
const findings = async (...given: Parameters<typeof look>) =>
  (await look(...given)).findings.map(({ danger }) => danger)

async function execute(safe: Safe, transaction: Parameters<typeof look>[1]) {
  const seen = await look(safe, transaction)
  const signatures = await Promise.all(
    owners.slice(0, 2).map(({ key }) => cosign(key, seen)),
  )
  const bundle = SafeSignature.pack(signatures)
  return chain.send({
    to: safe.address,
    data: encodeExecution(seen.transaction, bundle),
  })
}

describe.each(safeVersions)('a Safe of %s', (version) => {
  let safe: Safe
  beforeAll(async () => {
    safe = await open(version)
    await chain.send({
      to: token,
      data: encode('transfer', safe.address, 10n ** 20n),
    })
  })

  test('a payment is signed by two owners and executed', async () => {
    const before = BigInt(
      (await chain.anvil.call('eth_getBalance', [payee, 'latest'])) as Hex,
    )
    const receipt = await execute(safe, { value: 5n })
    expect(receipt).toMatchObject({ status: '0x1' })
    const after = await chain.anvil.call('eth_getBalance', [payee, 'latest'])
    expect(BigInt(after as Hex)).toBe(before + 5n)
  })

  test("so are a token's transfer, and a batch of them", async () => {
    const one = { to: token, value: 0n, data: encode('transfer', payee, 7n) }
    expect(await execute(safe, one)).toMatchObject({ status: '0x1' })
    const batch = {
      to: callOnly(version),
      operation: 1 as const,
      data: encodeMultiSend([one, { to: payee, value: 3n, data: '0x' }, one]),
    }
    const seen = await look(safe, batch)
    expect(seen.findings).toEqual([])
    expect(seen.call.inner.map(({ meaning }) => meaning.kind)).toEqual([
      'function',
      'payment',
      'function',
    ])
    expect(await execute(safe, batch)).toMatchObject({ status: '0x1' })
  })

  test('a theft by delegatecall is refused for its code, and for what it does', async () => {
    const writer = await deployThief(chain, 'slot0Writer')
    const theft = {
      to: writer.toLowerCase() as Hex,
      operation: 1 as const,
      data: encode('transfer', thief, 0n),
    }
    const seen = await look(safe, theft)
    expect(seen.findings.map(({ danger }) => danger)).toEqual(
      expect.arrayContaining(['delegatecall', 'storage']),
    )
    expect(JSON.stringify(seen.findings)).toContain('slot 0')
    // Somebody who believes that the contract is harmless is still stopped.
    expect(await findings(safe, theft, { open: ['delegatecall'] })).toEqual([
      'storage',
    ])
    await expect(cosign(owners[0]!.key, seen)).rejects.toThrow(
      'can change everything about the Safe',
    )
  })

  test('also one that shows itself under a real gas price only', async () => {
    const writer = await deployThief(chain, 'gasPriceWatcher')
    const theft = {
      to: writer.toLowerCase() as Hex,
      operation: 1 as const,
      data: encode('transfer', thief, 0n),
    }
    expect(await findings(safe, theft, { open: ['delegatecall'] })).toEqual([
      'storage',
    ])
  })

  test('an ownership handed over within a batch is found where it stands', async () => {
    const batch = {
      to: callOnly(version),
      operation: 1 as const,
      data: encodeMultiSend([
        { to: payee, value: 1n, data: '0x' },
        { to: proxyAdmin, value: 0n, data: encode('transferOwnership', thief) },
      ]),
    }
    const seen = await look(safe, batch)
    expect(seen.findings[0]).toMatchObject({
      danger: 'ownership',
      path: '1',
      text: expect.stringContaining('0xf2fde38b'),
    })
  })

  test("an owner's swap is refused by its call and by its slots", async () => {
    const [first, second] = owners.map(({ address }) => address)
    // The contract's list has them in the order of its setup.
    const swap = {
      to: safe.address,
      data: encode('swapOwner', first, second, thief),
    }
    expect(new Set(await findings(safe, swap))).toEqual(new Set(['owners']))
    expect(await findings(safe, swap, { open: ['owners'] })).toEqual([])
  })
})

describe('what is refused', () => {
  let safe: Safe
  beforeAll(async () => {
    safe = await open()
  })

  test.each<[string, Danger.Danger, () => Parameters<typeof look>[1]]>([
    [
      'a module',
      'modules',
      () => ({ to: safe.address, data: encode('enableModule', thief) }),
    ],
    [
      'a guard',
      'guard',
      () => ({ to: safe.address, data: encode('setGuard', zero) }),
    ],
    [
      'a handler',
      'fallback-handler',
      () => ({ to: safe.address, data: encode('setFallbackHandler', thief) }),
    ],
    [
      'a hash',
      'approve-hash',
      () => ({
        to: token,
        data: encode('approveHash', `0x${'11'.repeat(32)}`),
      }),
    ],
    [
      'an approval without end',
      'unlimited-approval',
      () => ({ to: token, data: encode('approve', thief, maxUint256) }),
    ],
    [
      'nearly without end',
      'unlimited-approval',
      () => ({ to: token, data: encode('approve', thief, maxUint256 / 2n) }),
    ],
    [
      'all of a collection',
      'unlimited-approval',
      () => ({ to: token, data: encode('setApprovalForAll', thief, true) }),
    ],
    [
      'debts without end in its name',
      'unlimited-approval',
      () => ({
        to: token,
        data: encode('approveDelegation', thief, maxUint256),
      }),
    ],
    [
      'debts in its name',
      'unknown-call',
      () => ({ to: token, data: encode('approveDelegation', thief, 1n) }),
    ],
    [
      'a manager of all',
      'unlimited-approval',
      () => ({ to: token, data: encode('allow', thief, true) }),
    ],
    [
      'a call that says by a mode what it runs',
      'unknown-call',
      () => ({
        to: token,
        data: encode('execute', zeroHash, `${payee}${'00'.repeat(32)}`),
      }),
    ],
    [
      'another code',
      'upgrade',
      () => ({ to: token, data: encode('upgradeTo', thief) }),
    ],
    [
      'a call where nothing is',
      'no-code',
      () => ({ to: thief, data: encode('transfer', payee, 1n) }),
    ],
    [
      'a precompile',
      'precompile',
      () => ({ to: `0x${'00'.repeat(19)}04`, value: 1n }),
    ],
    ['the zero address', 'precompile', () => ({ to: zero, value: 1n })],
    ['a refund', 'refund', () => ({ gasPrice: 1n })],
    ['its receiver', 'refund', () => ({ refundReceiver: thief })],
    ['a gas limit', 'safe-tx-gas', () => ({ safeTxGas: 1n })],
    [
      'unknown bytes',
      'unknown-call',
      () => ({ to: token, data: '0x12345678' }),
    ],
    [
      'a call with bytes behind it',
      'unknown-call',
      () => ({ to: token, data: `${encode('transfer', payee, 1n)}00` }),
    ],
    [
      'itself',
      'self-call',
      () => ({ to: safe.address, data: encode('transfer', payee, 0n) }),
    ],
    ['value to itself', 'self-call', () => ({ to: safe.address, value: 1n })],
    ['more than it has', 'not-simulated', () => ({ value: 10n ** 20n })],
    [
      'a batch by another contract',
      'delegatecall',
      () => ({
        to: safeContracts('1.4.1').multiSend.address.toLowerCase() as Hex,
        operation: 1,
        data: encodeMultiSend([{ to: payee, value: 1n, data: '0x' }]),
      }),
    ],
    [
      'an ownership in a multicall in a multicall',
      'ownership',
      () => ({
        to: token,
        data: encode('multicall', [
          encode('multicall', [encode('transferOwnership', thief)]),
        ]),
      }),
    ],
    [
      'an owner of another Safe',
      'owners',
      () => ({
        to: token,
        data: encode(
          'execTransaction',
          token,
          0n,
          encode('swapOwner', zero, payee, thief),
          0,
          0n,
          0n,
          0n,
          zero,
          zero,
          '0x',
        ),
      }),
    ],
    [
      'a delegatecall in another Safe',
      'delegatecall',
      () => ({
        to: token,
        data: encode(
          'execTransaction',
          token,
          0n,
          '0x',
          1,
          0n,
          0n,
          0n,
          zero,
          zero,
          '0x',
        ),
      }),
    ],
    [
      'a refund of another Safe',
      'refund',
      () => ({
        to: token,
        data: encode(
          'execTransaction',
          token,
          0n,
          '0x',
          0,
          0n,
          0n,
          5n,
          zero,
          thief,
          '0x',
        ),
      }),
    ],
  ])('%s: %s', async (_, danger, transaction) => {
    expect(await findings(safe, transaction())).toContain(danger)
  })

  test('nothing about a rejection: nothing to itself, at a nonce', async () => {
    expect(await findings(safe, { to: safe.address })).toEqual([])
  })

  test('nothing about an approval of what is spent', async () => {
    expect(
      await findings(safe, { to: token, data: encode('approve', payee, 5n) }),
    ).toEqual([])
  })

  test('what is unknown can be opened for an address', async () => {
    const unknown = { to: token, data: '0x12345678' as Hex }
    expect(await findings(safe, unknown, { openCalls: [token] })).toEqual([
      // The token has no such function.
      'not-simulated',
    ])
  })

  test('a Safe that is not what was pinned', async () => {
    const other = await open()
    const pins = { ...other.review.pins, threshold: 1 }
    await expect(
      look({ ...other, review: { ...other.review, pins } }, {}),
    ).rejects.toThrow('threshold changed from 1 to 2')
  })

  test("a nonce that is not the next one can't be run", async () => {
    const { findings: found } = await look(safe, { nonce: 7n })
    expect(found).toEqual([
      {
        danger: 'not-simulated',
        path: '',
        text: "the transaction has nonce 7, but the Safe's next nonce is 0",
      },
    ])
  })
})
