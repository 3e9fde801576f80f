import {
  AddressField,
  Authorization,
  AuthorizationField,
  Problems,
} from '@keyward/core'
import { assertDelegationAllowed, delegationText } from '../delegation.js'
import { type Io, note } from '../Io.js'
import { readJson } from '../readInput.js'
import type { SignRequest } from './signMessage.js'
import { withSigningKey } from './withSigningKey.js'

/**
 * Delegating an account to a contract (EIP-7702) needs the user's explicit
 * consent.
 */
export type DelegationRequest = SignRequest & {
  allowDelegation: boolean
  anyChain: boolean
}

/** viem's SignedAuthorization as JSON, and the account that signed it. */
export type SignedAuthorization = {
  address: string
  chainId: number
  nonce: string
  r: string
  s: string
  yParity: number
  authority: string
}

/** Signs an EIP-7702 authorization. */
export async function signAuthorization(
  io: Io,
  request: DelegationRequest,
): Promise<SignedAuthorization> {
  const authorization = parseAuthorization(await readJson(io, request.in))
  const delegation = {
    account: `the account of key ${request.keyId}`,
    contract: AddressField.toChecksum(authorization.address),
    chainId: authorization.chainId,
  }
  assertDelegationAllowed([delegation], request)
  note(io, delegationText(delegation))
  return withSigningKey(
    io,
    request,
    'an authorization (EIP-7702)',
    async (key) => {
      const { address, chainId, nonce, r, s, yParity } =
        await Authorization.sign(key, authorization)
      const authority = key.address
      return {
        ...{ address, chainId, nonce: nonce.toString() },
        ...{ r, s, yParity, authority },
      }
    },
  )
}

function parseAuthorization(value: unknown): Authorization.Authorization {
  const problems = Problems.create('authorization')
  const read = AuthorizationField.parseUnsigned(value, '', problems)
  problems.assertNone()
  // If there are no problems, every field has been read.
  return read as Authorization.Authorization
}
