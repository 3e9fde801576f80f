import { Fields, type Hex, type Parser, Problems } from '@keyward/core'
import type { Reconciler } from '../createReconciler.js'
import type { AdoptRequest } from '../reconcile/adopt.js'
import type { Repair } from '../reconcile/repair/RepairReport.js'
import { parseFlag, parseKey } from '../request/parsers.js'
import { toReportWire, toSendWire } from './answers.js'

/** The operations that administrators can request from the reconciler. */
export type ReconcilerOperation =
  | { operation: 'reconcile' }
  | { operation: 'repair'; dryRun: boolean }
  | { operation: 'adopt'; request: AdoptRequest }

const namesOf = {
  reconcile: [],
  repair: ['dry_run'],
  adopt: ['hash', 'caller', 'idempotency_key'],
}
const operations = Object.keys(namesOf)

/** @throws InvalidRequestError */
export function fromEvent(event: unknown): ReconcilerOperation {
  const problems = Problems.create('event')
  const came = (event as { operation?: unknown } | null)?.operation
  const operation = operations.find((name) => name === came) as
    | keyof typeof namesOf
    | undefined
  const known = operation ? namesOf[operation] : Object.values(namesOf).flat()
  const fields = Fields.open(event, ['operation', ...known], '', problems)
  if (fields !== undefined && operation === undefined)
    problems.wrong(
      'operation',
      fields.raw('operation'),
      operations.map((name) => `"${name}"`).join(', '),
    )
  const read = fields && operation && readers[operation](fields)
  problems.assertNone()
  // If there are no problems, every field has been read.
  return { operation, ...read } as ReconcilerOperation
}

const readers: Record<keyof typeof namesOf, (fields: Fields.Fields) => object> =
  {
    reconcile: () => ({}),
    repair: (fields) => ({
      dryRun: fields.optional('dry_run', parseFlag) ?? false,
    }),
    adopt: (fields) => ({
      request: {
        hash: fields.required('hash', parseHash),
        caller: fields.required('caller', parseCaller),
        idempotencyKey: fields.required('idempotency_key', parseKey),
      },
    }),
  }

const parseHash: Parser<Hex> = (value, path, problems) =>
  typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value)
    ? (value.toLowerCase() as Hex)
    : problems.wrong(path, value, 'the hash of a transaction')

const parseCaller: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[a-zA-Z0-9_*-]{1,128}$/.test(value)
    ? value
    : problems.wrong(path, value, 'the name of an alias of the sender')

/** Runs an operation on a reconciler, and returns the answer in wire form. */
export async function perform(
  reconciler: Reconciler,
  asked: ReconcilerOperation,
  options: { deadline?: number | undefined },
) {
  switch (asked.operation) {
    case 'reconcile':
      return toReportWire(await reconciler.run(options))
    case 'repair':
      return toRepairWire(
        await reconciler.repair({ ...options, dryRun: asked.dryRun }),
      )
    case 'adopt':
      return toSendWire(await reconciler.adopt(asked.request, options))
  }
}

export type RepairWire = ReturnType<typeof toRepairWire>

export function toRepairWire(repair: Repair) {
  const { lowered } = repair
  return {
    complete: repair.complete,
    dry_run: repair.dryRun,
    found: repair.found.map(({ nonce, hash, to, value, data, isMined }) => ({
      nonce: Number(nonce),
      hash,
      dst_address: to ?? null,
      value_wei: String(value),
      data: data.length > 138 ? `${data.slice(0, 138)}…` : data,
      mined: isMined,
    })),
    unproven: repair.unproven.map(Number),
    lost: repair.lost.map(Number),
    lowered:
      lowered === undefined
        ? null
        : { from: String(lowered.from), to: String(lowered.to) },
    refused: repair.refused,
  }
}
