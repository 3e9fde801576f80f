/**
 * What a co-signer refuses unless a rule opens it by this name. Each is a way
 * in which a Safe was emptied, or could be.
 */
export const dangers = {
  delegatecall:
    'The code of another contract runs as the Safe itself and can change everything about it: its owners, and the very code that it runs. This is how 1.4 billion dollars left a Safe in February 2025. Only MultiSendCallOnly at its canonical address is harmless, as long as its parts are plain calls.',
  owners:
    'It changes who owns the Safe or how many owners it takes. Whoever becomes an owner can take part in everything that comes later.',
  modules:
    'A module moves everything that the Safe has without asking its owners.',
  guard:
    'A guard is asked before each transaction and can refuse all of them for ever; without the guard that is set, what it protects against is open.',
  'fallback-handler':
    'The fallback handler answers in the name of the Safe, for example whether a signature is the Safe’s. Another one can approve whatever it likes.',
  'self-call':
    'The Safe calls itself, which is how its own settings are changed.',
  'approve-hash':
    'It approves a hash in the name of this Safe where it owns another one. Nobody can tell from a hash what is approved.',
  'unlimited-approval':
    'It lets another account take all of a token, or more than the transaction says, now and for all time to come.',
  ownership: 'It hands over control of a contract, which cannot be taken back.',
  upgrade:
    'It replaces the code of a contract: whatever the contract has, or may move, belongs to the new code.',
  'no-code':
    'Nothing runs at that address: the call succeeds, does nothing, and its value is gone. Whoever can put a contract there later gets both.',
  precompile:
    'That address belongs to the chain itself, or is the zero address; nobody can take out what is sent there.',
  refund:
    'The Safe pays whoever executes the transaction, at a price that this field names. It has been used to drain Safes whose owners looked only at the call.',
  'safe-tx-gas':
    'With a gas limit of its own the inner call may fail while the Safe counts the transaction as done: the nonce is used, and what was agreed has not happened.',
  'unknown-call':
    'Nobody can say what this call does. Look at the contract, and open the address that it is for if you are sure.',
  balance: 'The Safe would lose more than the transaction says that it sends.',
  storage:
    'The transaction would change settings of the Safe that no plain call can change.',
  'not-simulated':
    'The node could not run the transaction beforehand, so what it does beside what it says is not known.',
  'safe-message':
    'The Safe would sign a message (EIP-1271). No nonce takes it back: it stays valid for as long as its owners and threshold stay as they are, and nobody can simulate what contracts do with it.',
  'unknown-message':
    'Nobody can say what the message allows. Whoever has it may use it in a way that is not shown here.',
} as const

export type Danger = keyof typeof dangers

export const names = Object.keys(dangers) as Danger[]

/** What somebody has decided to sign all the same. */
export type Rules = {
  /** Dangers that are signed, by their names. @default none */
  readonly open?: readonly Danger[] | undefined
  /** Addresses, in lower case, whose unknown calls are signed. @default none */
  readonly openCalls?: readonly string[] | undefined
  /** What rules of the owner's policy name of this one. @default none */
  readonly named?: readonly NamedDanger[] | undefined
}

/** A danger that is opened where it stands, and nowhere else. */
export type NamedDanger = Pick<Finding, 'danger' | 'path'>

/** Those that nothing opens. */
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

/** A danger, where it stands, and what exactly was found. */
export type Finding = {
  readonly danger: Danger
  /** Of the call: empty for the transaction itself, `0.2` within it. */
  readonly path: string
  /** With the address, selector, slot or amount. */
  readonly text: string
}
