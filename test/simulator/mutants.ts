import type { Edit } from './runWorkers.js'

/**
 * One rule of the sender taken away. A mutant lives until a schedule breaks a
 * promise with it; `seed` is one that does.
 */
export type Mutant = {
  name: string
  /** Where the rule stands, from packages/sender/src. */
  file: string
  function: string
  /** What stands there, exactly once, and what stands there instead. */
  edit?: Pick<Edit, 'find' | 'replace'>
  /** Found by `run.ts --mutant NAME`. */
  seed?: number
}

/** What is known of some of them, by name. */
const edits: Record<string, Mutant['edit'] & { seed?: number }> = {
  'reserve: one claim for all': {
    find: "const newClaim = () => runtime.uuid().replaceAll('-', '')",
    replace: "const newClaim = () => '00'.repeat(16)",
  },
}

const of = (
  file: string,
  rules: readonly (readonly [within: string, name: string])[],
): Mutant[] =>
  rules.map(([within, name]) => {
    const { seed, ...edit } = edits[name] ?? {}
    return {
      ...{ name, file, function: within },
      ...('find' in edit ? { edit } : {}),
      ...(seed === undefined ? {} : { seed }),
    }
  })

export const mutants: Mutant[] = [
  ...of('ledger/transactionTable.ts', [
    ['accept', 'accept overwrites'],
    ['bind', 'bind: a final one'],
    ['bind', 'bind: one to be cancelled'],
    ['bind', 'bind: one with another nonce'],
    ['bind', 'bind: the same nonce, another claim'],
    ['unbind', 'unbind: any revision'],
    ['advanceStatus', 'advanceStatus: a final one'],
    ['advanceStatus', 'advanceStatus: backwards'],
    ['requestCancel', 'requestCancel: a final one'],
    ['markMined', 'markMined: a final one'],
    ['markUnmined', 'markUnmined: without a block'],
    ['finish', 'finish: twice'],
    ['finish', 'finish: unsigned, any revision'],
    ['listByCaller', 'list: rows of another caller'],
  ]),
  ...of('ledger/nonceTable.ts', [
    ['reserve', 'reserve overwrites'],
    ['reserve', 'reserve: one claim for all'],
    ['take', 'take: an owned one'],
    ['take', 'take: a signed one'],
    ['free', 'free: another claim'],
    ['free', 'free: a signed one'],
    ['handOver', 'handOver: another claim'],
    ['handOver', 'handOver: a signed one'],
    ['storeAttempt', 'store: another claim'],
    ['storeAttempt', 'store: another owner'],
    ['storeAttempt', 'store: over what is signed'],
    ['storeAttempt', 'store: a later one twice'],
    ['createFree', 'createFree overwrites'],
  ]),
  ...of('ledger/headTable.ts', [
    ['createHead', 'createHead overwrites'],
    ['advanceHead', 'advanceHead: past free ones'],
    ['advanceHead', 'advanceHead: in another table'],
    ['advanceHead', 'advanceHead: while halted'],
    ['raiseHead', 'raiseHead: without bounds'],
    ['raiseHead', 'raiseHead: from any number'],
    ['lowerHead', 'lowerHead: from any number'],
  ]),
  ...of('ledger/leaseTable.ts', [
    ['lease', 'lease: to two at once'],
    ['lease', 'lease: for ever'],
    ['release', 'release: of another holder'],
  ]),
  ...of('ledger/Attempt.ts', [
    ['read', 'bytes: of another account'],
    ['read', 'bytes: of another nonce'],
    ['read', 'bytes: a cancel that pays'],
    ['isOf', 'bytes: of another request'],
  ]),
  ...of('ledger/TransactionRecord.ts', [
    ['fromItem', 'row: any id'],
    ['fromItem', 'row: any requestHash'],
  ]),
  ...of('transaction/advance.ts', [
    ['advance', 'advance: signs what is signed on another nonce'],
    ['bindNonce', 'bind lost: keeps the nonce'],
    ['signFirst', 'signs without asking the rules again'],
  ]),
  ...of('transaction/assertNotRepeat.ts', [
    ['assertNotRepeat', 'a repeat of what repair found'],
  ]),
  ...of('transaction/endUnsigned.ts', [
    ['endUnsigned', 'ends before it takes the nonce'],
  ]),
  ...of('transaction/confirmEnd.ts', [
    ['confirmEnd', 'tells mined as the row says'],
  ]),
  ...of('fees/Fees.ts', [
    ['bump', "bump: above the sender's cap"],
    ['bump', "bump: above the request's cap"],
    ['quote', "quote: above the sender's cap"],
  ]),
  ...of('nonce/beginLedger.ts', [
    ['beginLedger', 'a new ledger on a used account'],
  ]),
  ...of('reconcile/isExternal.ts', [
    ['isExternal', 'external at the first look'],
    ['isExternal', 'external without the bytes'],
  ]),
  ...of('reconcile/settle.ts', [['settleMined', 'final at one block']]),
  ...of('reconcile/pushPending.ts', [
    ['pushPending', 'never sends again what the pool lost'],
    ['pushPending', 'never cancels what is too late'],
  ]),
  ...of('reconcile/watchForeign.ts', [['watchForeign', 'never halts']]),
  ...of('reconcile/mendDeepReorg.ts', [['mendDeepReorg', 'leaves it gone']]),
]
