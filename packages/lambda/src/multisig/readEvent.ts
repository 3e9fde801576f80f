import {
  Fields,
  type Hex,
  HexField,
  type Parser,
  Problems,
  Quantity,
  TypedDataRequest,
} from '@keyward/core'
import {
  Proposal,
  ProposedCall,
  type SafeMessage,
  type SafeTransaction,
} from '@keyward/safe'
import { parseText } from '../signing/readMessageEvent.js'

/** One proposal, by its hash or as a bundle. */
export type About = { safeTx: Hex } | { bundle: Proposal.Proposal }

export type CosignerOperation =
  | { operation: 'status' }
  | ({ operation: 'review' | 'approve' } & About)
  | {
      operation: 'review_message' | 'approve_message'
      preimage: SafeMessage.Preimage
    }

type Transaction = Pick<SafeTransaction.SafeTransaction, 'to'> &
  Partial<SafeTransaction.SafeTransaction>

export type CoordinatorOperation =
  | { operation: 'status' | 'list' }
  | { operation: 'propose'; transaction: Transaction }
  | { operation: 'import'; bundle: Proposal.Proposal }
  | {
      operation: 'get' | 'export' | 'reject' | 'execute'
      safeTx: Hex
    }

const parseHash = HexField.fixed(32)

/** @throws InvalidRequestError, ProposalMismatchError, BadConfirmationError */
export async function readCosignerEvent(
  event: unknown,
): Promise<CosignerOperation> {
  const read = open(event, {
    status: [],
    review: ['safe_tx_hash', 'bundle'],
    approve: ['safe_tx_hash', 'bundle'],
    review_message: ['message', 'typed_data'],
    approve_message: ['message', 'typed_data'],
  })
  const { operation, fields, problems } = read
  if (operation === 'status') {
    problems.assertNone()
    return { operation }
  }
  if (operation === 'review_message' || operation === 'approve_message')
    return { operation, preimage: readPreimage(fields, problems) }
  if (fields.has('bundle') === fields.has('safe_tx_hash'))
    problems.add(
      'safe_tx_hash',
      'pass either safe_tx_hash (from propose) or bundle (from export)',
    )
  const safeTx = fields.optional('safe_tx_hash', parseHash)
  problems.assertNone()
  if (safeTx !== undefined) return { operation, safeTx }
  return { operation, bundle: await Proposal.fromBundle(fields.raw('bundle')) }
}

/** @throws InvalidRequestError */
function readPreimage(
  fields: Fields.Fields,
  problems: Problems.Problems,
): SafeMessage.Preimage {
  if (fields.has('message') === fields.has('typed_data'))
    problems.add('message', 'pass either message (a string) or typed_data')
  const message = fields.optional('message', parseText)
  problems.assertNone()
  if (message !== undefined) return { message }
  return { typedData: TypedDataRequest.fromJson(fields.raw('typed_data')) }
}

/** @throws InvalidRequestError, ProposalMismatchError, BadConfirmationError */
export async function readCoordinatorEvent(
  event: unknown,
): Promise<CoordinatorOperation> {
  const { operation, fields, problems } = open(event, {
    status: [],
    list: [],
    propose: ['calls', 'nonce', 'bundle'],
    import: ['bundle'],
    get: ['safe_tx_hash'],
    export: ['safe_tx_hash'],
    reject: ['safe_tx_hash'],
    execute: ['safe_tx_hash'],
  })
  switch (operation) {
    case 'status':
    case 'list':
      problems.assertNone()
      return { operation }
    case 'import':
      problems.assertNone()
      return {
        operation,
        bundle: await Proposal.fromBundle(fields.raw('bundle')),
      }
    case 'propose':
      return { operation, transaction: await readProposal(fields, problems) }
    default: {
      const safeTx = fields.required('safe_tx_hash', parseHash)
      problems.assertNone()
      return { operation, safeTx: safeTx as Hex }
    }
  }
}

async function readProposal(
  fields: Fields.Fields,
  problems: Problems.Problems,
): Promise<Transaction> {
  if (fields.has('bundle')) {
    for (const name of ['calls', 'nonce'])
      if (fields.has(name)) problems.add(name, "can't be combined with bundle")
    problems.assertNone()
    const { transaction } = await Proposal.fromBundle(fields.raw('bundle'))
    return transaction
  }
  const calls = fields.required('calls', ProposedCall.parseList)
  const nonce = fields.optional('nonce', Quantity.uint256 as Parser<bigint>)
  problems.assertNone()
  const [first, ...more] = calls ?? []
  if (first === undefined) throw new TypeError('No calls.')
  const call = more.length === 0 ? first : ProposedCall.toBatch(calls ?? [])
  return nonce === undefined ? call : { ...call, nonce }
}

function open<const name extends string>(
  event: unknown,
  namesOf: Record<name, readonly string[]>,
) {
  const problems = Problems.create('event')
  const came = (event as { operation?: unknown } | null)?.operation
  const operations = Object.keys(namesOf) as name[]
  const operation = operations.find((one) => one === came)
  const known =
    operation === undefined
      ? Object.values<readonly string[]>(namesOf).flat()
      : namesOf[operation]
  const names = ['operation', ...new Set(known)]
  const fields = Fields.open(event, names, '', problems)
  if (fields !== undefined && operation === undefined)
    problems.wrong(
      'operation',
      came,
      operations.map((name) => `"${name}"`).join(', '),
    )
  if (fields === undefined || operation === undefined) {
    problems.assertNone()
    throw new TypeError('No operation.')
  }
  return { operation, fields, problems }
}
