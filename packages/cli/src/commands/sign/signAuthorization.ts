import {
  AddressField,
  Authorization,
  AuthorizationField,
  Problems,
} from '@keyward/core'
import {
  assertDelegationAllowed,
  delegationText,
  note,
  readJson,
  toColumns,
} from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import type { DelegationRequest } from './signInputs.js'
import { withSigningKey } from './withSigningKey.js'

/** viem's SignedAuthorization in JSON, and who signed it. */
type Signed = {
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
  terminal: Terminal,
  request: DelegationRequest,
): Promise<Result<Signed>> {
  const authorization = parseAuthorization(await readJson(terminal, request.in))
  const delegation = {
    account: `the account of key ${request.keyId}`,
    contract: AddressField.toChecksum(authorization.address),
    chainId: authorization.chainId,
  }
  assertDelegationAllowed([delegation], request)
  note(terminal, delegationText(delegation))
  const data = await withSigningKey(
    terminal,
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
  return {
    data,
    text: toColumns(
      Object.entries(data).map(([name, value]) => [name, String(value)]),
    ),
  }
}

function parseAuthorization(value: unknown): Authorization.Authorization {
  const problems = Problems.create('authorization')
  const read = AuthorizationField.parseUnsigned(value, '', problems)
  problems.assertNone()
  // Without a problem every field was read.
  return read as Authorization.Authorization
}
