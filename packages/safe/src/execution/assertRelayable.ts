import { BaseError, type Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { decodeCall, SafeFunctions } from '@keyward/guard/calls'
import * as slots from '../state/slots.js'
import { RelayerIsOwnerError } from './RelayerIsOwnerError.js'

type Call = {
  readonly to?: Hex | null | undefined
  readonly value: bigint
  readonly data: Hex
}

/**
 * A relayer may only execute its Safe's transactions: the call must be
 * `execTransaction` in canonical encoding.
 *
 * @param safe - Lower case; undefined if there is none yet.
 * @throws NotRelayableError
 */
export function assertRelayable(
  safe: Hex | undefined,
  { to, value, data }: Call,
): void {
  if (safe === undefined || to?.toLowerCase() !== safe)
    throw new NotRelayableError(
      safe,
      to === undefined ? 'It creates a contract' : `It goes to ${to}`,
    )
  if (value !== 0n)
    throw new NotRelayableError(safe, `It has a value of ${value} wei`)
  if (decodeCall(SafeFunctions.execTransaction, data) === undefined)
    throw new NotRelayableError(
      safe,
      `Its data (${data.slice(0, 10)}) is not a canonical call of execTransaction`,
    )
}

/**
 * Refuses a relayer that is an owner, because an owner who executes a
 * transaction approves it without a signature.
 *
 * @throws RelayerIsOwnerError, and the RPC client's errors
 */
export async function assertNoOwner(
  rpc: Rpc,
  safe: Hex,
  account: Hex,
  options: { deadline?: number | undefined } = {},
): Promise<void> {
  const slot = slots.ownerAfter(account)
  const next = await rpc.request('eth_getStorageAt', [safe, slot, 'latest'], {
    deadline: options.deadline,
  })
  if (typeof next !== 'string' || BigInt(next) !== 0n)
    throw new RelayerIsOwnerError(account)
}

/** The request is not one that a relayer may send. */
export class NotRelayableError extends BaseError {
  override readonly name = 'NotRelayableError'

  constructor(safe: Hex | undefined, reason: string) {
    super('not-relayable', "The relayer can't send this transaction.", {
      details: `${reason}. ${safe === undefined ? 'The relayer has no Safe yet. Deploy the stack with its safe file (safe)' : `Allowed: execTransaction of the Safe ${safe}, without value`}. Nothing was signed.`,
    })
  }
}
