import type { Bounds, Slice } from './slices.js'

/** One condition of a conditional write, and what the model says of it. */
type Condition = {
  condition: string
} & (
  | {
      /** `-D<without>` drops the condition in the model. */
      without: string
      /** The slice that fails then. */
      slice: Slice
      /** Where the small bounds are too small to show it. */
      bounds?: Bounds
      why?: undefined
    }
  | {
      /** Where the model has the condition: dropped, every slice holds. */
      without?: string
      slice: null
      why: string
    }
)

export type Write = {
  /** Below packages/sender/src. */
  file: string
  function: string
  conditions: Condition[]
}

const hint =
  'The head is a hint: whose a number is, its row decides. A wrong head costs work, or a gap that is filled.'

/** Each conditional write of docs/ledger.md. */
export const writes: Write[] = [
  {
    file: 'ledger/transactionTable.ts',
    function: 'accept',
    conditions: [
      { condition: 'no row', without: 'NO_ACCEPT', slice: 'three-workers' },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'bind',
    conditions: [
      {
        condition: 'not final',
        without: 'NO_BIND_FINAL',
        slice: 'three-workers',
      },
      {
        condition: 'no cancelRequested',
        without: 'NO_BIND_CANCEL',
        slice: 'cancelled-request',
      },
      {
        condition: 'no nonce, or this one',
        without: 'NO_BIND_NONCE',
        slice: 'three-workers',
      },
      {
        condition: 'with this nonce, this claim',
        without: 'NO_BIND_CLAIM',
        slice: 'three-workers',
      },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'unbind',
    conditions: [
      {
        condition: 'the revision that was read',
        without: 'NO_UNBIND_REVISION',
        slice: 'two-reconcilers',
      },
      {
        condition: 'not final',
        without: 'NO_UNBIND_FINAL',
        slice: null,
        why: 'To become final changes the revision.',
      },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'advanceStatus',
    conditions: [
      {
        condition: 'not final and not backwards',
        without: 'NO_ADVANCE_STATUS',
        slice: 'replacement',
      },
      {
        condition: 'not final',
        without: 'NO_ADVANCE_STATUS_FINAL',
        slice: null,
        why: 'Back from the status of an end to `sent` is backwards.',
      },
      {
        condition: 'not backwards',
        without: 'NO_ADVANCE_STATUS_ORDER',
        slice: null,
        why: 'What is not final is looked at again by the next round. Until then the status is older than need be.',
      },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'requestCancel',
    conditions: [
      {
        condition: 'not final',
        slice: null,
        why: 'Nobody reads it once the transaction is final.',
      },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'markMined',
    conditions: [
      {
        condition: 'not final',
        without: 'NO_MARK_MINED_FINAL',
        slice: 'replacement',
      },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'markUnmined',
    conditions: [
      {
        condition: 'not final',
        without: 'NO_MARK_UNMINED_FINAL',
        slice: 'replacement',
        bounds: { ROUNDS: 2 },
      },
      {
        condition: 'has a block',
        without: 'NO_MARK_UNMINED_BLOCK',
        slice: null,
        why: 'It spares a write.',
      },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'finish',
    conditions: [
      {
        condition: 'nothing signed: the revision that was read',
        without: 'NO_FINISH_REVISION',
        slice: 'three-workers',
      },
      {
        condition: 'nothing signed: not final',
        without: 'NO_FINISH_FINAL',
        slice: null,
        why: 'To become final changes the revision.',
      },
      {
        condition: 'signed: not final',
        without: 'NO_FINISH_SIGNED_FINAL',
        slice: null,
        why: 'Only what the chain shows for good is told, so whoever is second tells the same. The condition spares the webhook a second call.',
      },
    ],
  },
  {
    file: 'ledger/nonceTable.ts',
    function: 'reserve',
    conditions: [
      { condition: 'no row', without: 'NO_RESERVE', slice: 'three-workers' },
    ],
  },
  {
    file: 'ledger/nonceTable.ts',
    function: 'createFree',
    conditions: [
      {
        condition: 'no row',
        without: 'NO_CREATE_FREE',
        slice: 'three-workers',
      },
    ],
  },
  {
    file: 'ledger/nonceTable.ts',
    function: 'take',
    conditions: [
      {
        condition: 'no raw and no owner',
        without: 'NO_TAKE',
        slice: 'three-workers',
      },
      {
        condition: 'no raw',
        without: 'NO_TAKE_RAW',
        slice: null,
        why: 'A row with raw has an owner, for ever.',
      },
      {
        condition: 'no owner',
        without: 'NO_TAKE_OWNER',
        slice: 'external-use',
      },
    ],
  },
  {
    file: 'ledger/nonceTable.ts',
    function: 'free',
    conditions: [
      {
        condition: 'no raw',
        without: 'NO_FREE_RAW',
        slice: 'three-workers',
      },
      {
        condition: 'this owner',
        without: 'NO_FREE_OWNER',
        slice: null,
        why: 'As with `take`: who loses an unsigned row cannot store, and gets another nonce.',
      },
      {
        condition: 'this claim',
        without: 'NO_FREE_CLAIM',
        slice: null,
        why: 'As with `take`: who loses an unsigned row cannot store, and gets another nonce.',
      },
    ],
  },
  {
    file: 'ledger/nonceTable.ts',
    function: 'handOver',
    conditions: [
      {
        condition: 'no raw',
        without: 'NO_HAND_OVER_RAW',
        slice: 'external-use',
      },
      {
        condition: 'this owner, or none',
        without: 'NO_HAND_OVER_OWNER',
        slice: null,
        why: 'The nonce is used, whoever has its unsigned row; that one cannot store any more and gets another nonce.',
      },
      {
        condition: 'this claim, or none',
        without: 'NO_HAND_OVER_CLAIM',
        slice: null,
        why: 'The nonce is used, whoever has its unsigned row; that one cannot store any more and gets another nonce.',
      },
    ],
  },
  {
    file: 'ledger/nonceTable.ts',
    function: 'storeAttempt',
    conditions: [
      {
        condition: 'first: no raw',
        without: 'NO_STORE_RAW',
        slice: 'three-workers',
      },
      {
        condition: 'first: this owner and this claim',
        without: 'NO_STORE_OWNER_CLAIM',
        slice: 'three-workers',
      },
      {
        condition: 'first: this claim',
        without: 'NO_STORE_CLAIM',
        slice: 'three-workers',
      },
      {
        condition: 'first: this owner',
        without: 'NO_STORE_OWNER',
        slice: 'external-use',
      },
      {
        condition: 'later: no row',
        without: 'NO_ATTEMPT',
        slice: 'replacement',
      },
    ],
  },
  {
    file: 'ledger/headTable.ts',
    function: 'createHead',
    conditions: [{ condition: 'no row', slice: null, why: hint }],
  },
  {
    file: 'ledger/headTable.ts',
    function: 'advanceHead',
    conditions: [
      { condition: 'no free nonces', slice: null, why: hint },
      {
        condition: 'this table, no halt',
        slice: null,
        why: 'The model has no ledger that forgets; the simulator has.',
      },
    ],
  },
  {
    file: 'ledger/headTable.ts',
    function: 'resumeHead',
    conditions: [
      {
        condition: 'the halt and the ledger id that were seen',
        slice: null,
        why: 'The model has no ledger that forgets; reconcile/halts.test.ts has.',
      },
    ],
  },
  {
    file: 'ledger/transactionTable.ts',
    function: 'markDelivered',
    conditions: [
      {
        condition: 'undelivered, at the revision that was told',
        slice: null,
        why: 'The model has no webhook; reconcile/adopt.test.ts has.',
      },
    ],
  },
  {
    file: 'ledger/headTable.ts',
    function: 'raiseHead',
    conditions: [
      { condition: 'below, and as it was read', slice: null, why: hint },
    ],
  },
  {
    file: 'ledger/leaseTable.ts',
    function: 'lease',
    conditions: [
      {
        condition: 'or until < now',
        without: 'NO_LEASE_UNTIL',
        slice: 'expired-lease',
      },
      {
        condition: 'or until > now + 5 minutes',
        without: 'NO_LEASE_BREAK',
        slice: 'expired-lease',
      },
      {
        condition: 'no holder, or ours',
        without: 'NO_LEASE_HOLDER',
        slice: null,
        why: 'The lease spares work. Two reconcilers at once do no harm (two-reconcilers).',
      },
    ],
  },
  {
    file: 'ledger/leaseTable.ts',
    function: 'release',
    conditions: [
      {
        condition: 'ours',
        without: 'NO_RELEASE_HOLDER',
        slice: null,
        why: 'A lease given back by another costs a round beside it. `finalBelow` may fall, which costs a look at what is settled.',
      },
    ],
  },
]
