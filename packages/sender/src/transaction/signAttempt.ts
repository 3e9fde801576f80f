import { type Hex, Transaction } from '@keyward/core'
import { toKeyOptions } from '@keyward/core/rpc'
import type { Fees } from '../fees/Fees.js'
import type { Attempt, Purpose } from '../ledger/Attempt.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { SendRequest } from '../request/SendRequest.js'
import type { Context } from './Context.js'
import { assertInTime } from './prepare.js'
import { toUnsigned } from './toUnsigned.js'

/**
 * Signs the request for a nonce, or a zero-value transfer to the account itself
 * in its place. One `kms:Sign`; nothing is stored or sent.
 *
 * @throws RequestExpiredError for an expired request, also if it expired before
 * KMS answered, in which case the signature is discarded
 */
export async function signAttempt(
  context: Context,
  parameters: {
    index: number
    purpose: Purpose
    /** For the purpose `request`. */
    request?: SendRequest
    nonce: bigint
    gas: bigint
    fees: Fees
    /** The nonce's owner, for policies. It does not affect the signature. */
    transaction?: Pick<Outline, 'id' | 'caller'> | undefined
    deadline: number
  },
): Promise<Attempt> {
  const { account, key, runtime } = context
  const { index, purpose, nonce, gas, fees, transaction, deadline } = parameters
  const request = purpose === 'request' ? parameters.request : undefined
  if (request !== undefined) assertInTime(request, runtime)
  const body = request ?? {
    to: account.address,
    value: 0n,
    data: '0x' as const,
    accessList: [],
  }
  const { to, value, data } = body
  const unsigned = toUnsigned(account, body, { nonce, gas, fees })
  const { raw, hash, from } = await Transaction.sign(key, unsigned, {
    ...toKeyOptions(runtime, deadline),
    context: {
      caller: transaction?.caller,
      transactionId: transaction?.id,
      purpose: purpose === 'request' && index > 0 ? 'bump' : purpose,
    },
  })
  if (from.toLowerCase() !== account.address)
    throw new Error(
      `The key signs for ${from}, but this sender's account is ${account.address}. Nothing was sent.`,
    )
  if (request !== undefined) assertInTime(request, runtime)
  return {
    index,
    purpose,
    raw,
    signedAt: runtime.now(),
    nonce,
    hash,
    gas,
    maxFeePerGas: fees.maxFeePerGas,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
    to: to?.toLowerCase() as Hex | undefined,
    value,
    data,
  }
}
