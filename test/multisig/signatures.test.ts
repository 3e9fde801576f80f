import { concat, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  encodeExecution,
  SafeSignature,
  SafeTransaction,
  SignatureCheck,
} from '../../packages/safe/src/index.js'
import * as slots from '../../packages/safe/src/state/slots.js'
import { createRandom, type Random } from '../simulator/random.js'
import { order } from '../support/curve.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import {
  type SafeVersion,
  safeContracts,
  safeVersions,
} from '../support/safe/safeContracts.js'
import { soak } from '../support/tools.js'

// Our reader of signatures and the contract's, on the same bundles: as
// checkSignatures judges them, and apart from that as execTransaction does.

const rounds = soak ? 1000 : 18
const abi = parseAbi([
  'function checkSignatures(bytes32 dataHash, bytes data, bytes signatures) view',
])

let chain: SafeChain
let safe: Hex
beforeAll(async () => {
  chain = await openSafeChain()
  const created = { owners: [chain.operator], threshold: 1 }
  safe = (await chain.deploySafe(created)).toLowerCase() as Hex
})
afterAll(() => chain?.close())

const accounts = Array.from({ length: 12 }, (_, index) =>
  privateKeyToAccount(`0x${(index + 11).toString(16).padStart(64, '0')}`),
)
const addressOf = (account: (typeof accounts)[0]) =>
  account.address.toLowerCase() as Hex

/** Storage of a Safe with these owners, and no other. */
function toStorage(one: Case): Record<Hex, Hex> {
  const { owners, threshold, approved, hash, version, transaction } = one
  const word = (value: Hex | number): Hex =>
    `0x${BigInt(value).toString(16).padStart(64, '0')}`
  const { address } = safeContracts(version).safe
  const list = [slots.sentinel, ...owners, slots.sentinel]
  return Object.fromEntries([
    [slots.singleton, word(address)],
    [slots.ownerCount, word(owners.length)],
    [slots.threshold, word(threshold)],
    [slots.nonce, word(`0x${transaction.nonce.toString(16)}`)],
    ...list
      .slice(0, -1)
      .map((one, index) => [slots.ownerAfter(one), word(list[index + 1]!)]),
    ...approved.map((one) => [slots.approvedHash(one, hash), word(1)]),
  ])
}

type Case = {
  fault: string
  version: SafeVersion
  transaction: SafeTransaction.SafeTransaction
  /** What `hash` is the hash of. */
  data: Hex
  hash: Hex
  owners: Hex[]
  threshold: number
  approved: Hex[]
  sender: Hex
  bundle: Hex
}

const faults = [
  'none',
  'eth_sign',
  'approved',
  'sender is an owner',
  'trailing bytes',
  'high s',
  'order',
  'duplicate',
  'v of 0',
  'v of 1',
  'v of 27 for 28',
  'v of 31 for 27',
  'v of 2',
  'stranger',
  'removed owner',
  'another nonce',
  'cut',
  'r of 0',
] as const

async function draw(
  random: Random,
  fault: (typeof faults)[number],
  version: SafeVersion,
): Promise<Case> {
  const shuffled = accounts
    .map((account) => ({ account, at: random.below(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ account }) => account)
  const owned = shuffled.slice(0, 1 + random.below(7))
  const owners = owned.map(addressOf)
  const threshold = 1 + random.below(owned.length)
  const transaction = SafeTransaction.create({
    to: `0x${'aa'.repeat(20)}`,
    value: BigInt(random.below(1000)),
    data: random.chance(0.5) ? '0x' : '0xc0ffee',
    nonce: BigInt(random.below(2 ** 31)),
  })
  const domain = { chainId: chain.chainId, safe }
  const { safeTx: hash, ...halves } = SafeTransaction.hash(domain, transaction)
  const data = concat(['0x1901', halves.domain, halves.message])
  const stranger = shuffled.at(-1)!
  const signers = owned.slice(0, threshold)
  const at = random.below(threshold)
  const parts: SafeSignature.SafeSignature[] = await Promise.all(
    signers.map(async (account) => ({
      kind: 'ecdsa',
      owner: addressOf(account),
      bytes: await account.sign({ hash }),
    })),
  )
  const approved: Hex[] = []
  let sender = addressOf(stranger)
  const one = signers[at]!
  const owner = addressOf(one)
  const put = (part: SafeSignature.SafeSignature) => parts.splice(at, 1, part)
  if (fault === 'eth_sign') {
    const signed = await one.signMessage({ message: { raw: hash } })
    const v = Number.parseInt(signed.slice(-2), 16) + 4
    put({
      kind: 'eth_sign',
      owner,
      bytes: `${signed.slice(0, -2)}${v.toString(16)}` as Hex,
    })
  }
  if (fault === 'approved') {
    approved.push(owner)
    put({ kind: 'approved', owner })
  }
  if (fault === 'sender is an owner') {
    sender = owner
    put({ kind: 'approved', owner })
  }
  if (fault === 'v of 1') put({ kind: 'approved', owner })
  if (fault === 'stranger' || fault === 'removed owner') {
    const bytes = await stranger.sign({ hash })
    put({ kind: 'ecdsa', owner: addressOf(stranger), bytes })
  }
  if (fault === 'another nonce')
    put({
      kind: 'ecdsa',
      owner,
      bytes: await one.sign({
        hash: SafeTransaction.hash(domain, {
          ...{ ...transaction, nonce: transaction.nonce + 1n },
        }).safeTx,
      }),
    })
  let bundle = SafeSignature.pack(parts)
  const size = SafeSignature.size * 2
  const places = bundle.slice(2).match(new RegExp(`.{${size}}`, 'g')) ?? []
  const edit = (index: number, change: (place: string) => string) => {
    places[index] = change(places[index]!)
    bundle = `0x${places.join('')}`
  }
  const withV = (v: number) => (place: string) =>
    `${place.slice(0, -2)}${v.toString(16).padStart(2, '0')}`
  const vOf = (place: string) => Number.parseInt(place.slice(-2), 16)
  if (fault === 'trailing bytes') bundle = `${bundle}c0ffee`
  if (fault === 'cut') bundle = bundle.slice(0, -2) as Hex
  if (fault === 'order') bundle = `0x${[...places].reverse().join('')}`
  if (fault === 'duplicate') edit(Math.max(1, threshold) - 1, () => places[0]!)
  if (fault === 'v of 0') edit(at, withV(0))
  if (fault === 'v of 2') edit(at, withV(2))
  if (fault === 'v of 27 for 28')
    edit(at, (place) => withV(55 - vOf(place))(place))
  if (fault === 'v of 31 for 27')
    edit(at, (place) => withV(vOf(place) + 4)(place))
  if (fault === 'r of 0')
    edit(at, (place) => `${'0'.repeat(64)}${place.slice(64)}`)
  if (fault === 'high s')
    edit(at, (place) => {
      const s = order - BigInt(`0x${place.slice(64, 128)}`)
      return `${place.slice(0, 64)}${s.toString(16).padStart(64, '0')}${(55 - vOf(place)).toString(16)}`
    })
  return {
    ...{ fault, version, transaction, data, hash },
    ...{ owners, threshold, approved, sender, bundle },
  }
}

/** What checkSignatures of the contract says. */
const askCheck = (one: Case) =>
  askContract(
    one,
    encodeFunctionData({
      abi,
      functionName: 'checkSignatures',
      args: [one.hash, one.data, one.bundle],
    }),
  )

/** What execTransaction says, which hashes the transaction itself. */
const askExecution = (one: Case) =>
  askContract(one, encodeExecution(one.transaction, one.bundle))

/** The contract's verdict: nothing, or the code that it reverts with. */
async function askContract(one: Case, data: Hex): Promise<string> {
  const state = toStorage(one)
  try {
    await chain.anvil.call('eth_call', [
      { from: one.sender, to: safe, data },
      'latest',
      { [safe]: { state, balance: '0xffff' } },
    ])
    return 'ok'
  } catch (error) {
    return /GS\d{3}/.exec(String((error as Error).message))?.[0] ?? 'reverts'
  }
}

test(`${rounds} bundles are judged as the contract judges them`, async () => {
  const random = createRandom(15)
  const tally = new Map<string, number>()
  const differences: object[] = []
  let accepted = 0
  for (let round = 0; round < rounds; round++) {
    // Good ones are a third, each fault comes as often as the others.
    const fault = faults[round % faults.length]!
    const turn = Math.floor(round / faults.length) % safeVersions.length
    const one = await draw(random, fault, safeVersions[turn]!)
    const { hash, bundle, owners, threshold, approved, sender } = one
    const verdict = await SignatureCheck.check(hash, bundle, {
      ...{ owners, threshold, sender },
      hasApproved: (owner) => approved.includes(owner),
    })
    const ours = verdict.ok ? 'ok' : verdict.code
    const checked = await askCheck(one)
    const executed = await askExecution(one)
    if (ours !== checked || ours !== executed)
      differences.push({ fault, ours, checked, executed, one })
    if (executed === 'ok') accepted++
    tally.set(fault, (tally.get(fault) ?? 0) + 1)
  }
  expect(differences).toEqual([])
  if (soak) console.info(`${accepted} of ${rounds} accepted`)
  expect(accepted).toBeGreaterThanOrEqual(Math.floor(rounds * 0.3))
  for (const fault of faults)
    expect(tally.get(fault)).toBeGreaterThanOrEqual(Math.floor(rounds / 20))
})
