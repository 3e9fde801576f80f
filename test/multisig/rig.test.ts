import {
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  parseAbi,
  parseEther,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProtocolKit } from '../support/safe/openProtocolKit.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import type { KitCall } from '../support/safe/protocolKit.js'
import { loadProtocolKit } from '../support/safe/protocolKit.js'
import {
  type SafeVersion,
  safeContracts,
  safeVersions,
} from '../support/safe/safeContracts.js'
import {
  deployOpenZeppelin,
  deployThief,
} from '../support/safe/testContracts.js'

// The tests of multisig refuse thefts: here each of them succeeds on Safe's own
// contracts, signed by Safe's own tools.

let chain: SafeChain
beforeAll(async () => {
  chain = await openSafeChain()
})
afterAll(() => chain?.close())

const owners = [1, 2, 3].map(() => privateKeyToAccount(generatePrivateKey()))
const [first, second] = owners as [(typeof owners)[0], (typeof owners)[0]]
const addresses = owners.map(({ address }) => address)
const payee = '0x00000000000000000000000000000000000000aa'
const abi = parseAbi([
  'function transfer(address to, uint256 amount) returns (bool)',
  'function balanceOf(address holder) view returns (uint256)',
  'function owner() view returns (address)',
  'function transferOwnership(address owner)',
  'function store(uint256 slot, uint256 word)',
])
const word = (value: Hex | bigint): Hex =>
  `0x${BigInt(value).toString(16).padStart(64, '0')}`

let salts = 0n
async function deploySafe(version: SafeVersion) {
  const safe = { owners: addresses, threshold: 2, version }
  const address = await chain.deploySafe({ ...safe, saltNonce: salts++ })
  await chain.fund(address, parseEther('2'))
  return address
}

/** Signed by two owners, and sent by the second. */
async function execute(safe: Hex, version: SafeVersion, call: KitCall) {
  await chain.fund(second.address, parseEther('1'))
  const [one, other] = await Promise.all(
    [first, second].map((signer) =>
      openProtocolKit(chain, { safe, signer, version }),
    ),
  )
  const made = await one!.createTransaction({ transactions: [call] })
  const signed = await other!.signTransaction(await one!.signTransaction(made))
  const { hash } = await other!.executeTransaction(signed, {
    gasLimit: '300000',
  })
  return chain.anvil.receipt(hash)
}

async function read<name extends 'owner' | 'balanceOf'>(
  to: Hex,
  functionName: name,
  ...args: Hex[]
) {
  const data = encodeFunctionData({ abi, functionName, args } as never)
  return (await chain.anvil.call('eth_call', [{ to, data }, 'latest'])) as Hex
}

describe.each(safeVersions)('Safe %s', (version) => {
  test('is at its canonical addresses with its code', async () => {
    const contracts = Object.values(safeContracts(version))
    const canonical = contracts.filter((contract) => contract.canonical)
    expect([contracts.length, canonical.length]).toEqual([
      9,
      version === '1.4.1' ? 9 : 8,
    ])
    for (const { address, codeHash } of contracts) {
      const code = await chain.anvil.call('eth_getCode', [address, 'latest'])
      expect(keccak256(code as Hex)).toBe(codeHash)
    }
  })

  test('pays when two of three owners signed', async () => {
    const safe = await deploySafe(version)
    expect(await chain.storageAt(safe, 0n)).toBe(
      word(chain.addresses[version].safe),
    )
    const before = await chain.anvil.balance(payee)
    const call = { to: payee, value: '1000', data: '0x' }
    expect(await execute(safe, version, call)).toMatchObject({ status: '0x1' })
    expect((await chain.anvil.balance(payee)) - before).toBe(1000n)
  })

  test('takes signatures of a message and of typed data', async () => {
    const safe = await deploySafe(version)
    await chain.fund(second.address, parseEther('1'))
    const open = (signer: typeof first) =>
      openProtocolKit(chain, { safe, signer, version })
    const kits = [await open(first), await open(second)] as const
    const call = { to: payee, value: '1', data: '0x' }
    const made = await kits[0].createTransaction({ transactions: [call] })
    const one = await kits[0].signTransaction(made, 'eth_sign')
    const both = await kits[1].signTransaction(one, 'eth_signTypedData_v4')
    const ends = [first, second].map(({ address }) =>
      both.signatures.get(address.toLowerCase())?.data.slice(-2),
    )
    expect(ends[0]).toMatch(/^(1f|20)$/)
    expect(ends[1]).toMatch(/^(1b|1c)$/)
    const { hash } = await kits[1].executeTransaction(both)
    expect(await chain.anvil.receipt(hash)).toMatchObject({ status: '0x1' })
  })

  test('loses its singleton by a delegatecall', async () => {
    const safe = await deploySafe(version)
    const to = await deployThief(chain, 'slot0Writer')
    const args = [payee, 0n] as const
    const data = encodeFunctionData({ abi, functionName: 'transfer', args })
    await execute(safe, version, { to, value: '0', data, operation: 1 })
    expect(await chain.storageAt(safe, 0n)).toBe(word(payee))
  })

  test('loses its threshold by a delegatecall', async () => {
    const safe = await deploySafe(version)
    const to = await deployThief(chain, 'slotWriter')
    const args = [4n, 1n] as const
    const data = encodeFunctionData({ abi, functionName: 'store', args })
    expect(await chain.storageAt(safe, 4n)).toBe(word(2n))
    await execute(safe, version, { to, value: '0', data, operation: 1 })
    expect(await chain.storageAt(safe, 4n)).toBe(word(1n))
  })

  test('loses its singleton where gas has a price, and only there', async () => {
    const safe = await deploySafe(version)
    const to = await deployThief(chain, 'gasPriceWatcher')
    const args = [payee, 0n] as const
    const data = encodeFunctionData({ abi, functionName: 'transfer', args })
    const estimate = async (price: object) => {
      const call = { from: chain.operator, to, data, ...price }
      return Number(await chain.anvil.call('eth_estimateGas', [call]))
    }
    // A write to an empty slot costs 20,000.
    const unpriced = await estimate({})
    const priced = await estimate({ gasPrice: '0x77359400' })
    expect(priced - unpriced).toBeGreaterThan(20_000)
    await execute(safe, version, { to, value: '0', data, operation: 1 })
    expect(await chain.storageAt(safe, 0n)).toBe(word(payee))
  })

  test('gives away a contract that it owns', async () => {
    const safe = await deploySafe(version)
    const to = await deployOpenZeppelin(chain, 'ProxyAdmin')
    const give = (owner: Hex) =>
      encodeFunctionData({
        abi,
        functionName: 'transferOwnership',
        args: [owner],
      })
    await chain.send({ to, data: give(safe) })
    // The operator does not own it any more.
    const refused = await chain.send({ to, data: give(payee) })
    expect(refused).toMatchObject({ status: '0x0' })
    expect(await read(to, 'owner')).toBe(word(safe))
    await execute(safe, version, { to, value: '0', data: give(payee) })
    expect(await read(to, 'owner')).toBe(word(payee))
  })

  test('moves tokens, in a batch as protocol-kit makes it', async () => {
    const safe = await deploySafe(version)
    const to = await deployOpenZeppelin(chain, 'ERC20PresetFixedSupply', [
      ...['Token', 'TKN', 1000n, safe],
    ])
    const args = [payee, 3n] as const
    const data = encodeFunctionData({ abi, functionName: 'transfer', args })
    const { encodeMultiSendData } = await loadProtocolKit()
    const call = { to, value: '0', data }
    const batch = encodeMultiSendData([
      { ...call, operation: 0 },
      { ...call, operation: 0 },
    ])
    await execute(safe, version, {
      to: chain.addresses[version].multiSendCallOnly,
      value: '0',
      data: encodeFunctionData({
        abi: parseAbi(['function multiSend(bytes transactions)']),
        args: [batch as Hex],
      }),
      operation: 1,
    })
    expect(await read(to, 'balanceOf', payee)).toBe(word(6n))
  })

  test('is where protocol-kit predicts it', async () => {
    const safe = { owners: addresses, threshold: 2, saltNonce: 77n }
    const kit = await openProtocolKit(chain, { safe, version })
    const predicted = await kit.getAddress()
    expect(await kit.isSafeDeployed()).toBe(false)
    expect(await chain.deploySafe({ ...safe, version })).toBe(
      getAddress(predicted as Hex),
    )
  })
})
