import { BaseError, SigningKey } from '../../packages/core/src/index.js'
import { createRpc } from '../../packages/sender/src/chain/createRpc.js'
import { createReconciler } from '../../packages/sender/src/createReconciler.js'
import { createSender } from '../../packages/sender/src/createSender.js'
import { TransactionNotFoundError } from '../../packages/sender/src/errors.js'
import { createLedger } from '../../packages/sender/src/ledger/createLedger.js'
import {
  LedgerServiceError,
  LedgerTimeoutError,
} from '../../packages/sender/src/ledger/errors.js'
import type { SendRequest } from '../../packages/sender/src/request/SendRequest.js'
import type { Planned } from './createSchedule.js'
import { epoch } from './createScheduler.js'
import {
  type CallOptions,
  type Parts,
  type Product,
  Refused,
  type SimSender,
  type Told,
} from './Product.js'

const caller = 'caller'

/** Nothing was accepted, and asking again is no use. */
const refusals = new Set([
  'would-fail',
  'insufficient-funds',
  'fee-cap',
  'request-expired',
  'possible-repeat',
  'idempotency-conflict',
  'not-authorized',
])

/** The sender, the reconciler, the ledger and the RPC client as they are. */
export const senderProduct: Product = {
  openSender: (parts) => toSimSender(createSender(toOptions(parts))),
  openReconciler(parts) {
    const reconciler = createReconciler(toOptions(parts))
    return { run: () => reconciler.run(), repair: () => reconciler.repair() }
  },
  storeErrors: {
    timeout: () => new LedgerTimeoutError('memory', 1000),
    throttled: (operation) =>
      new LedgerServiceError(operation, {
        awsCode: 'ProvisionedThroughputExceededException',
        text: 'Rate exceeded',
        status: 400,
        requestId: undefined,
      }),
  },
}

export function toOptions(parts: Parts) {
  const { runtime, store, kms, keyArn, schedule, newLedger } = parts
  const { chainId } = schedule
  const { urls, createExchange } = parts
  return {
    key: SigningKey.open({ service: kms, keyId: keyArn }),
    ledger: createLedger(store, runtime),
    rpc: createRpc({ urls, chainId, createExchange, runtime }),
    ...schedule.caps,
    confirmations: schedule.confirmations,
    newLedger: BigInt(newLedger),
    runtime,
  }
}

export function toSimSender(
  sender: ReturnType<typeof createSender>,
): SimSender {
  const by = ({ deadline }: CallOptions) => ({ caller, deadline })
  const to = (idempotencyKey: string) => ({ idempotencyKey })
  return {
    async send(planned, options) {
      try {
        return toTold(await sender.send(toRequest(planned), by(options)))
      } catch (error) {
        if (error instanceof BaseError && refusals.has(error.code))
          throw new Refused(error.code)
        throw error
      }
    },
    async get(key, options) {
      try {
        return toTold(await sender.get(to(key), by(options)))
      } catch (error) {
        if (error instanceof TransactionNotFoundError) return undefined
        throw error
      }
    },
    cancel: async (key, options) =>
      toTold(await sender.cancel(to(key), by(options))),
    speedUp: async (key, options) =>
      toTold(await sender.speedUp(to(key), {}, by(options))),
  }
}

function toTold(answer: {
  status: string
  hash: string | undefined
  final?: boolean
  reason: { code: string } | undefined
}): Told {
  const { status, hash, final = false, reason } = answer
  return { status, hash, final, reason: reason?.code }
}

function toRequest(planned: Planned): SendRequest {
  const { key, to, value, data, speed, maxFeePerGas, validForMs } = planned
  const startMs = planned.sends[0]?.atMs ?? 0
  return {
    idempotencyKey: key,
    ...{ to, value, data, speed },
    accessList: [],
    ...(maxFeePerGas === undefined ? {} : { maxFeePerGas }),
    ...(validForMs === undefined
      ? {}
      : { validUntil: epoch + startMs + validForMs }),
  }
}
