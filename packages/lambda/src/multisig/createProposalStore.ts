import type { Hex } from '@keyward/core'
import type { AwsClientOptions } from '@keyward/core/aws'
import { mapLimited } from '@keyward/core/rpc'
import type { ProposalStore, SafeTransaction } from '@keyward/safe'
import { keyOf, openProposalTable } from './openProposalTable.js'
import {
  type Item,
  toEntryItem,
  toItem,
  toRecord,
  toRecordOrNothing,
  toView,
} from './ProposalItem.js'

/** Items that are read at the same time. */
const atOnce = 16

/**
 * Proposals in one DynamoDB table. Each proposal is one item that includes its
 * signatures, so that a single condition decides whether another signature may
 * be added. A small item per proposal, sorted by nonce, shows where to find it.
 * One more item contains the coordinator's view of the Safe. Permissions on the
 * table: GetItem, Query and UpdateItem for a co-signer, and also PutItem for
 * the coordinator.
 *
 * @throws ProposalStoreError
 */
export function createProposalStore(
  table: string,
  domain: SafeTransaction.SafeDomain,
  options: AwsClientOptions = {},
): ProposalStore {
  const { pk, call, readItem, listEntries, createItem, update } =
    openProposalTable(table, domain, options)
  return {
    async createEntry(entry, settings) {
      await createItem({ pk, ...toEntryItem(entry) }, settings)
    },

    create(record, settings) {
      const sk = keyOf(record.safeTx)
      return createItem({ pk, sk, ...toItem(record) }, settings)
    },

    async read(safeTx, settings) {
      const item = await readItem(safeTx, settings)
      return item === undefined ? undefined : toRecord(item)
    },

    async list(range, settings) {
      const entries = await listEntries(range, settings)
      const items = await mapLimited(entries, atOnce, ({ safeTx }) =>
        readItem(safeTx, settings),
      )
      return items
        .filter((item) => item !== undefined)
        .map(toRecordOrNothing)
        .sort((a, b) => a.createdAt - b.createdAt)
    },

    listEntries,

    addSignature(safeTx, owner, signature, settings = {}) {
      const name = nameOf(owner)
      return update(
        safeTx,
        {
          set: { [name]: { S: JSON.stringify(signature) } },
          condition: `attribute_not_exists(#${name}) AND #status IN (:open, :executing) AND expiresAt > :now`,
          values: {
            ...open,
            ...executing,
            ':now': { N: String(signature.at) },
          },
        },
        settings,
      )
    },

    async addProposer(safeTx, proposer, settings = {}) {
      return update(
        safeTx,
        {
          set: {},
          more: 'ADD joinedBy :joinedBy',
          condition: '#status IN (:open, :executing) AND proposer <> :caller',
          values: {
            ...{ ...open, ...executing, ':caller': { S: proposer } },
            ':joinedBy': { SS: [proposer] },
          },
        },
        settings,
      )
    },

    async reject(safeTx, by, at, { asProposer, instead, ...settings } = {}) {
      const set = { rejectedBy: { S: by }, rejectedAt: { N: String(at) } }
      const rejected = { status: { S: 'rejected' }, ...set }
      const also = asProposer
        ? ' AND proposer = :rejectedBy AND attribute_not_exists(joinedBy)'
        : ''
      const early = await update(
        safeTx,
        { set: rejected, condition: `#status = :open${also}`, values: open },
        settings,
      )
      if (early !== undefined) return early
      const late = await update(
        safeTx,
        {
          set: { ...rejected, rejectedLate: { BOOL: true } },
          condition: `#status = :executing${also}`,
          values: executing,
        },
        settings,
      )
      if (late !== undefined || instead === undefined) return late
      return update(
        safeTx,
        {
          set,
          condition: '#status = :rejected AND #rejectedBy = :instead',
          values: {
            ':rejected': { S: 'rejected' },
            ':instead': { S: instead },
          },
        },
        settings,
      )
    },

    async reopen(closed, { proposer, expiresAt }, settings = {}) {
      const { safeTx, status, rejectedAt, rejectedLate } = closed
      const isRejected = rejectedAt !== undefined
      return update(
        safeTx,
        {
          set: {
            status: { S: rejectedLate === true ? 'executing' : 'open' },
            proposer: { S: proposer },
            expiresAt: { N: String(expiresAt) },
          },
          more: 'REMOVE joinedBy, rejectedBy, rejectedAt, rejectedLate',
          condition: `#status = :was AND #expiresAt = :ended AND ${isRejected ? 'rejectedAt = :rejectedAt' : 'attribute_not_exists(rejectedAt)'}`,
          values: {
            ':was': { S: status },
            ':ended': { N: String(closed.expiresAt) },
            ...(isRejected && { ':rejectedAt': { N: String(rejectedAt) } }),
          },
        },
        settings,
      )
    },

    async noteShared(safeTx, at, settings = {}) {
      return update(
        safeTx,
        {
          set: { sharedAt: { N: String(at) } },
          condition: '#status IN (:open, :executing) AND expiresAt > :sharedAt',
          values: { ...open, ...executing },
        },
        settings,
      )
    },

    beginExecution(safeTx, at, settings = {}) {
      return update(
        safeTx,
        {
          set: { status: { S: 'executing' } },
          condition: '#status IN (:open, :executing) AND expiresAt > :now',
          values: { ...open, ...executing, ':now': { N: String(at) } },
        },
        settings,
      )
    },

    async noteExecution(safeTx, transaction, settings = {}) {
      const set = { executedBy: { S: transaction } }
      await update(
        safeTx,
        { set, condition: 'attribute_exists(#status)' },
        settings,
      )
    },

    async writeView({ owners, threshold, nonce }, settings) {
      const Item = {
        ...{ pk, sk: view },
        owners: { S: owners.join(',') },
        threshold: { N: String(threshold) },
        nonce: { N: String(nonce) },
      }
      await call('PutItem', { Item }, settings)
    },

    async readView(settings) {
      const { Item: item } = await call(
        'GetItem',
        { Key: { pk, sk: view }, ConsistentRead: true },
        settings,
      )
      return item === undefined ? undefined : toView(item as Item)
    },
  }
}

const view = { S: 'view' }
const open: Item = { ':open': { S: 'open' } }
const executing: Item = { ':executing': { S: 'executing' } }
const nameOf = (owner: Hex) => `owner_${owner.slice(2)}`
