import type { Rpc } from '@keyward/core/rpc'
import {
  approve,
  approveBundle,
  approveMessage,
  cosign,
  cosignMessage,
  type MessageReview,
  type Pins,
  Proposal,
  type ProposalRecord,
  type ProposalStore,
  type Review,
  readState,
  SafeMessage,
  SafeTransaction,
} from '@keyward/safe'
import * as slots from '../../../packages/safe/src/state/slots.js'
import type { Door } from './libraryDoors.js'

const safe = `0x${'5a'.repeat(20)}` as const
const domain = { chainId: 31337, safe }

const word = (value: bigint | `0x${string}`) =>
  `0x${BigInt(value).toString(16).padStart(64, '0')}`

/** A node that knows one Safe, and can't simulate. */
function nodeOf(owner: `0x${string}`): Rpc {
  const words: Record<string, string> = {
    [slots.ownerCount]: word(1n),
    [slots.threshold]: word(1n),
    [slots.ownerAfter(slots.sentinel)]: word(owner),
    [slots.ownerAfter(owner)]: word(slots.sentinel),
    [slots.moduleAfter(slots.sentinel)]: word(slots.sentinel),
  }
  const answers: Record<string, (slot: string) => unknown> = {
    eth_blockNumber: () => '0x1',
    eth_getBalance: () => '0x0',
    eth_getCode: () => '0x00',
    eth_getStorageAt: (slot) => words[slot] ?? word(0n),
  }
  return {
    chainId: domain.chainId,
    async request(method: string, params: unknown[]) {
      const answer = answers[method]
      if (answer === undefined) throw new TypeError(`no ${method}`)
      return answer(String(params[1]))
    },
  } as unknown as Rpc
}

const preimage: SafeMessage.Preimage = { message: 'Hello' }

async function toCosigner(key: Parameters<Door>[0]) {
  const owner = key.address.toLowerCase() as `0x${string}`
  const rpc = nodeOf(owner)
  const state = await readState(rpc, domain)
  const pins: Pins.Pins = state
  const rules = { open: ['not-simulated'] } as const
  const transaction = SafeTransaction.create({ to: owner, nonce: 0n })
  const proposal = Proposal.create(domain, transaction)
  const options = { key, rpc, file: { domain, pins }, rules, now: Date.now }
  return { options: { ...options, proposerMayApprove: true }, proposal, state }
}

/** All of the room for Safe that a key is handed to. */
export const safeDoors: Record<string, Door> = {
  '@keyward/safe cosign': async (key) => {
    const address = await key.getAddress()
    const owner = address.toLowerCase() as `0x${string}`
    const transaction = SafeTransaction.create({ to: safe, nonce: 0n })
    // What was reviewed, and found harmless.
    const review = {
      domain,
      transaction,
      hashes: SafeTransaction.hash(domain, transaction),
      state: { owners: [owner] },
      findings: [],
    } as unknown as Review
    return cosign(key, review)
  },
  '@keyward/safe approve': async (key) => {
    const { options, proposal, state } = await toCosigner(key)
    const { safeTx } = proposal
    const record: ProposalRecord = {
      ...{ safeTx, bundle: Proposal.toBundle(proposal), proposer: 'a' },
      ...{ createdAt: 0, expiresAt: Date.now() + 60_000, status: 'open' },
      signatures: {},
    }
    const store: Partial<ProposalStore> = {
      read: async () => record,
      readView: async () => state,
      addSignature: async () => record,
    }
    return approve(options, store as ProposalStore, safeTx, { caller: 'b' })
  },
  '@keyward/safe approveBundle': async (key) => {
    const { options, proposal } = await toCosigner(key)
    return approveBundle(options, proposal, { caller: 'b' })
  },
  '@keyward/safe cosignMessage': async (key) => {
    const address = await key.getAddress()
    const owner = address.toLowerCase() as `0x${string}`
    const review = {
      domain,
      preimage,
      hashes: SafeMessage.hash(domain, preimage),
      state: { owners: [owner] },
      findings: [],
    } as unknown as MessageReview
    return cosignMessage(key, review)
  },
  '@keyward/safe approveMessage': async (key) => {
    const { options } = await toCosigner(key)
    const rules = { open: ['safe-message'] } as const
    const about = { caller: 'b' }
    return approveMessage({ ...options, rules }, undefined, preimage, about)
  },
}
