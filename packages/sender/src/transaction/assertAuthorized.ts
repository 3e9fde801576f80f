import type { SendRequest } from '../request/SendRequest.js'
import type { Context } from './Context.js'
import type { Prepared } from './prepare.js'
import { toUnsigned } from './toUnsigned.js'

/**
 * Asks the policy before anything is accepted; it is asked again before the
 * signature. The nonce is not known yet, and no policy depends on it.
 *
 * @throws the policy's refusal
 */
export async function assertAuthorized(
  { guard, account, key }: Context,
  request: SendRequest,
  { gas, fees }: Prepared,
  { caller, deadline }: { caller: string; deadline: number },
): Promise<void> {
  const transaction = toUnsigned(account, request, { nonce: 0n, gas, fees })
  await guard?.preview(
    { kind: 'transaction', transaction },
    {
      ...{ caller, deadline, purpose: 'request', keyId: key.keyId },
      ...{ address: account.address, digest: '0x' },
    },
  )
}
