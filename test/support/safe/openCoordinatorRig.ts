import {
  approve,
  approveBundle,
  type Coordinator,
  createCoordinator,
  type Proposal,
  type ProposalStore,
  type Relayer,
} from '@keyward/safe'
import { createProposalStore } from '../../../packages/lambda/src/multisig/createProposalStore.js'
import { openDynamoDb } from '../openDynamoDb.js'
import { openSafeChain } from './openSafeChain.js'
import { createOwners, type Owner, openSafe } from './owners.js'

type Hex = `0x${string}`

/** A coordinator with its table, for a Safe of three owners of whom two sign. */
export type CoordinatorRig = {
  readonly safe: Awaited<ReturnType<typeof openSafe>>
  readonly store: ProposalStore
  readonly coordinator: Coordinator
  /** Calldata that the relayer got. */
  readonly sent: readonly Hex[]
  readonly now: () => number
  /** Moves the functions' clock ahead of ours. */
  forward(ms: number): void
  /** As `anna`, by default. */
  approveAs(
    owner: Owner,
    safeTx: Hex,
    caller?: string,
  ): ReturnType<typeof approve>
  approveElsewhere(
    owner: Owner,
    proposal: Proposal.Proposal,
  ): Promise<Proposal.Proposal>
}

/** Callers who approve for an owner. The others may only propose. */
const approvers = ['anna', 'fred']
const relayed = {
  ...{ transactionId: '', isFinal: false, status: 'sent', hash: null },
  ...{ hashes: [], receiptStatus: null, problem: null },
}

/** A chain and a table; `create` begins anew with another Safe. */
export async function openCoordinatorRig(): Promise<{
  readonly chain: Awaited<ReturnType<typeof openSafeChain>>
  readonly db: Awaited<ReturnType<typeof openDynamoDb>>
  readonly owners: [Owner, Owner, Owner]
  create(): Promise<CoordinatorRig>
  close(): Promise<void>
}> {
  const chain = await openSafeChain()
  const db = await openDynamoDb()
  const owners = (await createOwners(3)) as [Owner, Owner, Owner]
  await db.call('CreateTable', {
    TableName: 'proposals',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({
      ...{ AttributeName, AttributeType: 'S' },
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  })

  async function create(): Promise<CoordinatorRig> {
    const safe = await openSafe(chain, {
      owners: owners.map(({ address }) => address),
    })
    const { domain, rpc } = safe
    const { pins } = safe.review
    const env = db.env('operator')
    const store = createProposalStore('proposals', domain, {
      endpoint: db.endpoint,
      region: env.AWS_REGION,
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID,
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      },
    })
    const sent: Hex[] = []
    let aheadMs = 0
    const now = () => Date.now() + aheadMs
    const relayer: Relayer = {
      address: async () => `0x${'bd'.repeat(20)}`,
      send: async ({ data }) => {
        sent.push(data)
        return relayed
      },
      get: async () => undefined,
    }
    const file = { domain, pins }
    const settings = { rpc, rules: {}, now, file, proposerMayApprove: false }
    return {
      ...{ safe, store, sent, now },
      coordinator: createCoordinator({
        ...{ rpc, file, store, relayer, rules: {} },
        ...{ approvers, lifetimeMs: 60_000, now },
      }),
      forward: (ms) => {
        aheadMs = ms
      },
      approveAs: ({ key }, safeTx, caller = 'anna') =>
        approve({ ...settings, key }, store, safeTx, { caller }),
      approveElsewhere: async ({ key }, proposal) => {
        const call = { caller: 'bert' }
        const approval = { ...settings, key }
        return (await approveBundle(approval, proposal, call)).proposal
      },
    }
  }

  return {
    ...{ chain, db, owners, create },
    async close() {
      await chain.close()
      await db.close()
    },
  }
}
