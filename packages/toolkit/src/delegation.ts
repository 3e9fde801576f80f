import { BaseError } from '@keyward/core/errors'

/** What an EIP-7702 authorization hands over. */
export type Delegation = {
  /**
   * The account that is handed over: an address, or words such as "the key's
   * account".
   */
  account: string
  contract: string
  /** 0 means every chain. */
  chainId: number
  /**
   * Nonce of the transaction that carries the authorization, if the same
   * account sends that transaction.
   */
  spentNonce?: bigint
}

/** Describes a delegation to the person who is about to sign it. */
export function delegationText(delegation: Delegation): string {
  const { account, contract, chainId } = delegation
  const chain =
    chainId === 0 ? 'EVERY present and future chain' : `chain ${chainId}`
  if (/^0x0{40}$/.test(contract))
    return `The authorization ends any delegation of ${account}, on ${chain}.${spentText(delegation)}`
  return (
    `The authorization delegates ${account} to the code of the contract ` +
    `${contract} on ${chain}. That code can then move everything that the account owns, ` +
    `until another authorization revokes this one.${spentText(delegation)}`
  )
}

/** A sender's nonce increases before the authorizations are processed. */
function spentText({ account, spentNonce }: Delegation): string {
  return spentNonce === undefined
    ? ''
    : ` But it has no effect if ${account} sends this transaction itself: ` +
        `the transaction uses up nonce ${spentNonce}, and the authorization ` +
        `would need nonce ${spentNonce + 1n}.`
}

/**
 * Refuses delegations that the caller did not explicitly request.
 *
 * @throws DelegationError, which says what would be handed over and to which
 * address
 */
export function assertDelegationAllowed(
  delegations: readonly Delegation[],
  options: { allowDelegation: boolean; anyChain: boolean },
): void {
  const missing = [
    options.allowDelegation ? undefined : '--allow-delegation',
    options.anyChain || delegations.every(({ chainId }) => chainId !== 0)
      ? undefined
      : '--any-chain',
  ].filter((flag) => flag !== undefined)
  if (missing.length > 0)
    throw new DelegationError(delegations.map(delegationText), missing)
}

export class DelegationError extends BaseError {
  override readonly name = 'DelegationError'

  constructor(texts: readonly string[], missing: readonly string[]) {
    super(
      'delegation-not-allowed',
      'The request contains a delegation of an account (EIP-7702).',
      {
        details: `${texts.join('\n')}\nTo allow this, add ${missing.join(' ')}.`,
      },
    )
  }
}
