/**
 * One rule of the sender taken away: the mutant lives until a schedule breaks a
 * promise with it, and `seed` is one that does. A rule whose loss no promise
 * feels, since another one holds, is not listed.
 */
export type Mutant = {
  name: string
  /** Where the rule stands, from packages/sender/src. */
  file: string
  function: string
  /** What stands there, exactly once, and what stands there instead. */
  edit: { find: string; replace: string }
  /** Found by `run.ts --mutant NAME`. */
  seed: number
}

export const mutants: readonly Mutant[] = [
  {
    name: 'never lists what is free',
    file: 'reconcile/inspectNonces.ts',
    function: 'inspectWindow',
    seed: 9,
    edit: {
      find: `      if (state === 'free') inspected.free.push(nonce)
`,
      replace: '',
    },
  },
  {
    name: 'sends nothing',
    file: 'transaction/broadcast.ts',
    function: 'broadcast',
    seed: 60,
    edit: {
      find: 'await context.chain.sendRaw(attempt.raw, { deadline })',
      replace: 'attempt.hash',
    },
  },
  {
    name: 'bump: an eighth above the cap',
    file: 'fees/Fees.ts',
    function: 'bump',
    seed: 11,
    edit: {
      find: `  if (cap.wei < floor) throw new FeeCapError(floor, cap)
  assertTip(market, request)
  const maxFeePerGas = min(max(wanted.maxFeePerGas, floor), cap.wei)`,
      replace:
        '  const maxFeePerGas = max(min(wanted.maxFeePerGas, cap.wei), floor)',
    },
  },
  {
    name: 'never final',
    file: 'reconcile/settle.ts',
    function: 'settleMined',
    seed: 60,
    edit: { find: '  if (!deep || !(await', replace: '  if (deep || !(await' },
  },
  {
    name: 'never pushes what waits',
    file: 'reconcile/inspectSigned.ts',
    function: 'inspectSigned',
    seed: 4,
    edit: {
      find: `  if (end === 'pending') await pushPending`,
      replace: '  if (end === undefined) await pushPending',
    },
  },
  {
    name: 'leaves missing rows missing',
    file: 'reconcile/inspectNonces.ts',
    function: 'inspect',
    seed: 130,
    edit: {
      find: 'if (!inspected.mayCreate || inspected',
      replace: 'if (inspected.mayCreate || inspected',
    },
  },
  {
    name: 'never sends again what the pool lost',
    file: 'reconcile/resend.ts',
    function: 'resend',
    seed: 27,
    edit: {
      find: '  if (isSent && !(await isLost(run, newest))) return undefined',
      replace: '  if (isSent || !(await isLost(run, newest))) return undefined',
    },
  },
  {
    name: 'waits for ever with a cancel above the cap',
    file: 'reconcile/raise.ts',
    function: 'isGone',
    seed: 27,
    edit: {
      find: '  if (last === undefined) return false',
      replace: '  if (attempts.length > 0) return false',
    },
  },
  {
    name: 'begins while an endpoint is silent',
    file: 'nonce/readCount.ts',
    function: 'readHighest',
    seed: 344243,
    edit: {
      find: '  if (heard.length < all.length)',
      replace: '  if (heard.length < 0)',
    },
  },
  {
    name: 'notes in each run what it has noted',
    file: 'reconcile/tell.ts',
    function: 'noteProblem',
    seed: 351123,
    edit: {
      find: '  if (kindOf(transaction.problem) === kindOf(problem)) return\n',
      replace: '',
    },
  },
  {
    name: 'repair: looks at no pool',
    file: 'reconcile/repair/seeChain.ts',
    function: 'seeChain',
    seed: 177,
    edit: {
      find: '  const pool = await chain.listPool(account.address, { deadline })',
      replace:
        '  const pool: Awaited<ReturnType<typeof chain.listPool>> = new Map()',
    },
  },
  {
    name: 'repair: accepts while what is lost may come back',
    file: 'reconcile/repair/compare.ts',
    function: 'write',
    seed: 20487,
    edit: {
      find: 'else if (isOwned ? isCopy : row?.owner !== filler) repair.lost.push(nonce)',
      replace: '',
    },
  },
  {
    name: 'repair: compares nothing with what it found',
    file: 'reconcile/repair/compare.ts',
    function: 'write',
    seed: 27,
    edit: {
      find: `  await ledger.addAdopted(account, foreign, { deadline })
  if (row`,
      replace: '  if (row',
    },
  },
  {
    name: 'never goes on with what has no nonce',
    file: 'createReconciler.ts',
    function: 'work',
    seed: 111,
    edit: {
      find: '    const ended = await inspectOpen(run, from)',
      replace:
        '    const ended = run.deadline < 0 ? await inspectOpen(run, from) : []',
    },
  },
  {
    name: 'accept overwrites',
    file: 'ledger/transactionTable.ts',
    function: 'accept',
    seed: 2,
    edit: {
      find: `if (await store.create(item, deadline))
        return { created: true`,
      replace: `const remove = ['nonce', 'claim', 'hash', 'final']
      const changed = { set: item, remove }
      if (await store.update(TransactionRecord.keyOf(record.id), changed))
        return { created: true`,
    },
  },
  {
    name: 'bind: one with another nonce',
    file: 'ledger/transactionTable.ts',
    function: 'bind',
    seed: 221,
    edit: {
      find: `              absent('nonce'),
              all(`,
      replace: `              there('pk'),
              all(`,
    },
  },
  {
    name: 'reserve overwrites',
    file: 'ledger/nonceTable.ts',
    function: 'reserve',
    seed: 226,
    edit: {
      find: `if (await store.create(item, deadline)) return claim
      return (await isAt`,
      replace: `if (await store.update(NonceRecord.keyOf(account, nonce), { set: item }))
        return claim
      return (await isAt`,
    },
  },
  {
    name: 'reserve: one claim for all',
    file: 'ledger/nonceTable.ts',
    function: 'reserve',
    seed: 1716,
    edit: {
      find: `const newClaim = () => runtime.uuid().replaceAll('-', '')`,
      replace: `const newClaim = () => '00'.repeat(16)`,
    },
  },
  {
    name: 'free: a signed one',
    file: 'ledger/nonceTable.ts',
    function: 'free',
    seed: 34,
    edit: {
      find: `{ remove: ['owner', 'claim', 'proof', 'foundAt'], condition: of(from) }`,
      replace: `{
          remove: ['owner', 'claim', 'proof', 'foundAt', 'raw', 'purpose'],
          condition: same('owner', { S: from.owner }),
        }`,
    },
  },
  {
    name: 'store: another claim',
    file: 'ledger/nonceTable.ts',
    function: 'storeAttempt',
    seed: 826,
    edit: {
      find: '{ set: NonceRecord.toAttributes(attempt), condition: of(by) },',
      replace: `{
            set: NonceRecord.toAttributes(attempt),
            condition: all(unsigned, same('owner', { S: by.owner })),
          },`,
    },
  },
  {
    name: 'store: another owner',
    file: 'ledger/nonceTable.ts',
    function: 'storeAttempt',
    seed: 710,
    edit: {
      find: '{ set: NonceRecord.toAttributes(attempt), condition: of(by) },',
      replace:
        '{ set: NonceRecord.toAttributes(attempt), condition: unsigned },',
    },
  },
  {
    name: 'store: over what is signed',
    file: 'ledger/nonceTable.ts',
    function: 'storeAttempt',
    seed: 5,
    edit: {
      find: '{ set: NonceRecord.toAttributes(attempt), condition: of(by) },',
      replace: `{
            set: NonceRecord.toAttributes(attempt),
            condition: same('owner', { S: by.owner }),
          },`,
    },
  },
  {
    name: 'renewHead: forgets what repair found',
    file: 'ledger/headTable.ts',
    function: 'renewHead',
    seed: 27,
    edit: {
      find: 'remove: halt === undefined ? HeadRecord.haltAttributes : [],',
      replace: `remove: [
            'adopted',
            ...(halt === undefined ? HeadRecord.haltAttributes : []),
          ],`,
    },
  },
  {
    name: 'lease: never again',
    file: 'ledger/leaseTable.ts',
    function: 'lease',
    seed: 60,
    edit: {
      find: `            below('until', { N: String(now) }),
`,
      replace: '',
    },
  },
  {
    name: 'bytes: of another request',
    file: 'ledger/Attempt.ts',
    function: 'isOf',
    seed: 7,
    edit: {
      find: `    to === request.to?.toLowerCase() &&
    value === request.value &&
    data`,
      replace: `    to !== '0x' || data`,
    },
  },
  {
    name: 'advance: signs without asking whether it was sent before',
    file: 'transaction/advance.ts',
    function: 'advance',
    seed: 252,
    edit: {
      find: `    await assertNotRepeat(context, transaction, deadline)
    prepared`,
      replace: '    prepared',
    },
  },
  {
    name: 'bind lost: signs all the same',
    file: 'transaction/advance.ts',
    function: 'bindNonce',
    seed: 569,
    edit: {
      find: '  if (bound !== undefined) return { transaction: bound, fresh: true }',
      replace: `  if (bound === undefined)
    return { transaction: { ...transaction, nonce, claim }, fresh: true }
  if (bound !== undefined) return { transaction: bound, fresh: true }`,
    },
  },
  {
    name: 'a repeat of what repair found',
    file: 'transaction/assertNotRepeat.ts',
    function: 'assertNotRepeat',
    seed: 27,
    edit: {
      find: `  if (open !== undefined) throw new PossibleRepeatError(open)
`,
      replace: '',
    },
  },
  {
    name: 'ends unsigned, and leaves the nonce',
    file: 'transaction/endUnsigned.ts',
    function: 'endUnsigned',
    seed: 2,
    edit: {
      find: `  if (nonce !== undefined && !(await allocator.giveBack(nonce, from, deadline)))
    return undefined
`,
      replace: '',
    },
  },
  {
    name: 'quote: above the cap',
    file: 'fees/Fees.ts',
    function: 'quote',
    seed: 3,
    edit: {
      find: 'return within(wanted, cap.wei, request',
      replace: 'return within(wanted, wanted.maxFeePerGas, request',
    },
  },
  {
    name: 'bump: above the cap',
    file: 'fees/Fees.ts',
    function: 'bump',
    seed: 79,
    edit: {
      find: 'const maxFeePerGas = min(max(wanted.maxFeePerGas, floor), cap.wei)',
      replace: 'const maxFeePerGas = max(wanted.maxFeePerGas, floor)',
    },
  },
  {
    name: "the request's cap",
    file: 'fees/Fees.ts',
    function: 'lowestCap',
    seed: 3,
    edit: {
      find: `  if (request.maxFeePerGas !== undefined)
    all.push`,
      replace: `  if (request.maxFeePerGas === 0n)
    all.push`,
    },
  },
  {
    name: 'a new ledger on a used account',
    file: 'nonce/beginLedger.ts',
    function: 'beginLedger',
    seed: 35,
    edit: {
      find: `  if (count > 0n && newLedger !== 'any')
    await`,
      replace: `  if (count < 0n && newLedger !== 'any')
    await`,
    },
  },
  {
    name: 'a restored table taken for the ledger',
    file: 'nonce/createWatch.ts',
    function: 'assertOwn',
    seed: 27,
    edit: {
      find: `  if (table === tableName) return
`,
      replace: `  if (table !== '' || table === tableName) return
`,
    },
  },
  {
    name: 'never finds out that others use the key',
    file: 'reconcile/isExternal.ts',
    function: 'isExternal',
    seed: 7,
    edit: {
      find: '  if (count <= nonce) {',
      replace: '  if (count <= nonce || count > 0n) {',
    },
  },
  {
    name: 'a cancel told as mined',
    file: 'transaction/toEnd.ts',
    function: 'toEnd',
    seed: 2,
    edit: {
      find: `  if (attempt.purpose === 'request') return { status: 'mined' }`,
      replace: `  if (attempt.purpose !== 'filler') return { status: 'mined' }`,
    },
  },
  {
    name: 'looks for the newest attempt only',
    file: 'reconcile/inspectSigned.ts',
    function: 'inspectSigned',
    seed: 33,
    edit: {
      find: 'await findMined(run.context, row, run.deadline)',
      replace: `await findMined(
          run.context,
          { ...row, attempts: row.attempts.slice(-1) },
          run.deadline,
        )`,
    },
  },
  {
    name: 'never gives an orphan back',
    file: 'reconcile/inspectUnsigned.ts',
    function: 'inspectUnsigned',
    seed: 9,
    edit: {
      find: '  if (isOrphan) {',
      replace: '  if (isOrphan && nonce < 0n) {',
    },
  },
  {
    name: 'never ends what is refused',
    file: 'reconcile/completeUnsigned.ts',
    function: 'completeUnsigned',
    seed: 252,
    edit: {
      find: `    await refuse(run, latest, error)
`,
      replace: `    await (latest.nonce === -1n && refuse(run, latest, error))
`,
    },
  },
  {
    name: 'never ends what is cancelled',
    file: 'reconcile/completeUnsigned.ts',
    function: 'completeUnsigned',
    seed: 229,
    edit: {
      find: '  if (transaction.cancelRequested) {',
      replace: '  if (transaction.cancelRequested && transaction.final) {',
    },
  },
  {
    name: 'never cancels what is too late',
    file: 'reconcile/pushPending.ts',
    function: 'pushPending',
    seed: 14,
    edit: {
      find: 'const isExpired = validUntil <= context.runtime.now()',
      replace: 'const isExpired = validUntil < 0 && context !== undefined',
    },
  },
  {
    name: 'leaves a deep reorg as it is',
    file: 'reconcile/mendDeepReorg.ts',
    function: 'mendDeepReorg',
    seed: 383,
    edit: {
      find: `  const outcome = await broadcast(context, again, deadline)
  if`,
      replace: `  const outcome = { sent: context !== undefined && deadline < 0 }
  if (outcome.sent) await broadcast(context, again, deadline)
  if`,
    },
  },
  {
    name: "takes another's transaction for the request's",
    file: 'reconcile/recognise.ts',
    function: 'recognise',
    seed: 7,
    edit: {
      find: '!Attempt.isOf(foreign, whole.request)) return false',
      replace:
        'Attempt.isOf(foreign, whole.request) === undefined) return false',
    },
  },
  {
    name: 'never fills a gap',
    file: 'createReconciler.ts',
    function: 'work',
    seed: 9,
    edit: {
      find: `    if (inspected !== undefined) await fillGaps(run, inspected)
`,
      replace: '',
    },
  },
]
