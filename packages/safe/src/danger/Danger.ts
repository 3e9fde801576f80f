/**
 * Dangers that a co-signer refuses unless a rule allows them by name. Each is a
 * way in which a Safe has been, or could be, emptied.
 */
export const dangers = {
  delegatecall:
    'The code of another contract runs as the Safe itself and can change everything about the Safe: its owners, and even its code. This is how 1.4 billion dollars was stolen from a Safe in February 2025. Only MultiSendCallOnly at its canonical address is harmless, as long as it makes only plain calls.',
  owners:
    'The owners or the threshold of a Safe would change. A new owner can take part in every later approval.',
  modules:
    'Without asking the owners, a module can move everything that the Safe has.',
  guard:
    'A guard checks each transaction and can refuse all of them forever. If the current guard is removed, its protection is gone.',
  'fallback-handler':
    'The fallback handler answers in the name of the Safe, for example on whether a signature is valid. A different handler can approve anything.',
  'self-call':
    'The Safe would call itself. This is how its own settings are changed.',
  'approve-hash':
    'A hash would be approved in the name of this Safe, which can be an owner of another Safe. Nobody can tell from a hash what is approved.',
  'unlimited-approval':
    'Another account could take all of a token, or more than the request says, now and forever.',
  'order-for-nothing':
    'The account that fills the order gives nothing in return.',
  ownership:
    "Control of a contract would be handed over, which can't be undone.",
  upgrade:
    'The code of a contract would be replaced. The new code controls everything that the contract has or can move.',
  'no-code': 'The call would succeed but do nothing.',
  precompile:
    'That address belongs to the chain itself, or is the zero address.',
  refund:
    'The Safe would pay the account that executes the transaction, at a price set in the transaction. This has been used to drain Safes whose owners checked only the call.',
  'safe-tx-gas':
    'With its own gas limit, the inner call can fail although the Safe ' +
    'counts the transaction as executed. The nonce is then used, but ' +
    'the call has no effect.',
  'unknown-call':
    "Some effects of this call can't be known. Check the contract before you allow its address or this danger.",
  balance: 'The Safe could lose more than the request says.',
  storage:
    'The transaction would change settings of the Safe that no plain call can change.',
  'not-simulated':
    "Without a successful simulation, Keyward can't know the other effects.",
  'safe-message':
    "The Safe would sign a message (EIP-1271). The signature can't be " +
    'revoked by using up a nonce: it stays valid until the owners or the ' +
    "threshold change. What contracts do with it can't be simulated.",
  'unknown-message':
    "Keyward doesn't know what the message allows. Anyone who has the " +
    'signature can use it in a way that is not shown here.',
} as const

export type Danger = keyof typeof dangers

export const names = Object.keys(dangers) as Danger[]

/** Dangers that an owner has decided to accept. */
export type Rules = {
  /** Names of accepted dangers. @default none */
  readonly open?: readonly Danger[] | undefined
  /**
   * Addresses, in lower case, whose unknown calls are accepted. @default none
   */
  readonly openCalls?: readonly string[] | undefined
  /**
   * Dangers of this request that rules of the owner's policy allow. @default
   * none
   */
  readonly named?: readonly NamedDanger[] | undefined
}

/** A danger that is allowed only at this path. */
export type NamedDanger = Pick<Finding, 'danger' | 'path'>

/** Dangers that nothing allows. */
export function closed(
  findings: readonly Finding[],
  { open = [], named = [] }: Rules,
): Finding[] {
  return findings.filter(
    ({ danger, path }) =>
      !open.includes(danger) &&
      !named.some((one) => one.danger === danger && one.path === path),
  )
}

/** A danger, its location, and the exact finding. */
export type Finding = {
  readonly danger: Danger
  /** Path of the call: empty for the transaction itself, `0.2` within it. */
  readonly path: string
  /** Includes the address, selector, slot or amount. */
  readonly text: string
}
