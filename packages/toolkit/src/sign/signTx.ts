import {
  AddressField,
  Authorization,
  Transaction,
  TransactionRequest,
} from '@keyward/core'
import {
  assertDelegationAllowed,
  type Delegation,
  delegationText,
} from '../delegation.js'
import { type Io, note } from '../Io.js'
import { currencyOf } from '../networks/explorerLink.js'
import { readJson } from '../readInput.js'
import { formatEther } from '../text/formatEther.js'
import { pluralize } from '../text/pluralize.js'
import { assertAuthorities, takeAuthorities } from './authorities.js'
import type { DelegationRequest } from './signAuthorization.js'
import { withSigningKey } from './withSigningKey.js'

type Signed = { raw: string; hash: string; from: string }

/** Signs a transaction without sending it. */
export async function signTx(
  io: Io,
  request: DelegationRequest & {
    /**
     * The sidecar format of a blob transaction, which overrides the network
     * table.
     */
    sidecar: 'eip4844' | 'eip7594' | undefined
  },
): Promise<Signed> {
  const { json, authorities } = takeAuthorities(await readJson(io, request.in))
  const { sidecar } = request
  const transaction = TransactionRequest.fromJson(json, { sidecar })
  const delegations = await delegationsOf(transaction, authorities)
  if (transaction.type === 'eip7702')
    assertDelegationAllowed(delegations, request)
  for (const delegation of delegations) note(io, delegationText(delegation))
  const { raw, hash, from } = await withSigningKey(
    io,
    request,
    transactionText(transaction),
    (key) => Transaction.sign(key, transaction),
  )
  return { raw, hash, from }
}

/** Describes a transaction in one line, with its maximum cost. */
function transactionText(transaction: Transaction.Unsigned): string {
  const { type, chainId, nonce, to, value, gas, data } = transaction
  const price =
    'gasPrice' in transaction ? transaction.gasPrice : transaction.maxFeePerGas
  const currency = currencyOf(Number(chainId))
  const bytes = (data.length - 2) / 2
  return [
    `a transaction of type ${type} on chain ${chainId}, nonce ${nonce}:`,
    `${formatEther(value)} ${currency}`,
    to === undefined
      ? 'to a new contract'
      : `to ${AddressField.toChecksum(to)}`,
    ...(bytes === 0 ? [] : [`with ${pluralize(bytes, 'byte')} of data`]),
    `and at most ${formatEther(gas * price)} ${currency} in fees`,
  ].join(' ')
}

/**
 * A type-4 transaction carries authorizations that this or other accounts have
 * signed.
 */
async function delegationsOf(
  transaction: Transaction.Unsigned,
  authorities: readonly unknown[],
): Promise<Delegation[]> {
  if (transaction.type !== 'eip7702') return []
  const { authorizationList, nonce } = transaction
  const signers = await Promise.all(
    authorizationList.map((one) => Authorization.recover(one)),
  )
  assertAuthorities(authorities, signers)
  return authorizationList.map((authorization, index) => {
    const signer = signers[index]
    return {
      account: signer === undefined ? 'no account' : `account ${signer}`,
      contract: AddressField.toChecksum(authorization.address),
      chainId: authorization.chainId,
      ...(authorization.nonce === nonce && { spentNonce: nonce }),
    }
  })
}
