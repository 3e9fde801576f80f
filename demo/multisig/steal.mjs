import { encodeMultiSend } from '@keyward/guard/calls'
import { latestDeployment, Proposal, SafeTransaction } from '@keyward/safe'
import { field, indent } from './say.mjs'

/** @type {`0x${string}`} */
const thief = `0x${'bd'.repeat(20)}`
/** @type {`0x${string}`} */
const contract = `0x${'c0'.repeat(20)}`
/** @param {string} address */
const word = (address) => address.slice(2).toLowerCase().padStart(64, '0')

/**
 * @param {import('./openActors.mjs').Actors} actors
 * @param {`0x${string}`} safe
 */
export async function steal(actors, safe) {
  const { rpc, ask, askOwner, review, owners, signs } = actors
  const before = signs()
  // Writes its argument into slot 0, where a Safe has the code that it runs.
  await rpc.call('anvil_setCode', [thief, '0x60043560005500'])
  // Any contract that has an owner.
  await rpc.call('anvil_setCode', [contract, '0x00'])
  const { nonce } = await ask('dora', { operation: 'status' })
  const [, second, third] = owners

  /** @type {[string, Pick<SafeTransaction.SafeTransaction, 'to'> & Partial<SafeTransaction.SafeTransaction>][]} */
  const thefts = [
    [
      'a delegatecall that rewrites slot 0 (as at Bybit)',
      {
        to: thief,
        data: `0xa9059cbb${word(thief)}${word('0x00')}`,
        operation: 1,
      },
    ],
    [
      'a payment and, in the same batch, handing over a contract',
      {
        to: latestDeployment.callOnlyBatch,
        operation: 1,
        data: encodeMultiSend([
          { to: thief, value: 1n, data: '0x' },
          { to: contract, value: 0n, data: `0xf2fde38b${word(thief)}` },
        ]),
      },
    ],
    [
      'replacing an owner with the thief',
      {
        to: safe,
        data: `0xe318b52b${word(second?.address ?? '')}${word(third?.address ?? '')}${word(thief)}`,
      },
    ],
  ]
  for (const [name, given] of thefts) {
    const transaction = SafeTransaction.create({
      ...{ nonce: BigInt(nonce), ...given },
    })
    const domain = { chainId: 31337, safe }
    const bundle = Proposal.toBundle(Proposal.create(domain, transaction))
    const proposal = await ask('dora', { operation: 'propose', bundle })
    console.log()
    field('dora', `proposes ${name}`)
    const about = { safe_tx_hash: proposal.safe_tx_hash }
    for (const { number } of owners) {
      const { errorType, errorMessage } = await askOwner(number, about)
      if (errorType !== 'DangerousTransactionError')
        throw new Error(`Owner ${number} did not refuse: ${errorMessage}`)
    }
    /** @type {{ findings: any[] }} */
    const { findings } = /** @type {any} */ (await review(1, about))
    field('owners', '1, 2 and 3 each refuse, before KMS is asked:')
    // The first of each kind.
    for (const danger of new Set(findings.map((one) => one.danger))) {
      const { path, text } = findings.find((one) => one.danger === danger)
      indent(`- ${danger}${path && ` (call ${path})`}: ${shorten(text)}`)
    }
  }
  if (signs() !== before) throw new Error('Something was signed.')
  console.log()
  field('KMS', 'was never asked for a signature')
}

/** Slots, and words of them. @param {string} text */
const shorten = (text) =>
  text.replace(/0x([0-9a-f]{4})[0-9a-f]{56}([0-9a-f]{4})/g, '0x$1…$2')
