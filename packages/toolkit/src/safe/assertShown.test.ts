import { Proposal, SafeTransaction } from '@keyward/safe'
import { expect, test } from 'vitest'
import { assertShown } from './assertShown.js'

const domain = { chainId: 1, safe: `0x${'5a'.repeat(20)}` } as const
const to = `0x${'aa'.repeat(20)}` as const
const zero = `0x${'00'.repeat(20)}`
const given = { to, value: 5n, nonce: 7n }
const {
  domain: domainHash,
  message,
  safeTx,
} = SafeTransaction.hash(domain, SafeTransaction.create(given))
const answer = {
  ...{ safe: domain.safe, chain_id: 1, nonce: '7', safe_tx_hash: safeTx },
  ...{ domain_hash: domainHash, message_hash: message, simulation: null },
  call: { to, value_wei: '5', data: '0x', operation: 0 },
  refund: {
    ...{ safe_tx_gas: '0', base_gas: '0', gas_price: '0' },
    ...{ gas_token: zero, refund_receiver: zero },
  },
  ...{ findings: [], opened: [] as object[] },
}

test("a co-signer's answer has the requested hash", () => {
  assertShown(safeTx, answer)
  const other = `0x${'11'.repeat(32)}` as const
  for (const [meant, shown] of [
    [other, answer],
    [safeTx, { ...answer, safe_tx_hash: other }],
    [safeTx, { ...answer, call: { ...answer.call, value_wei: '4' } }],
    [safeTx, { ...answer, nonce: '8' }],
    [safeTx, { ...answer, safe: `0x${'5b'.repeat(20)}` }],
  ] as const)
    expect(() => assertShown(meant, shown)).toThrow(
      Proposal.ProposalMismatchError,
    )
})

test('a refund is compared, and cannot hide another call', () => {
  const refunded = SafeTransaction.create({ ...given, gasPrice: 1n })
  const hash = SafeTransaction.hash(domain, refunded).safeTx
  const opened = [{ danger: 'refund', path: '', text: 'gasPrice 1' }]
  const shown = {
    ...{ ...answer, safe_tx_hash: hash, opened },
    refund: { ...answer.refund, gas_price: '1' },
  }
  assertShown(hash, shown)
  for (const changed of [
    { ...shown, refund: answer.refund },
    { ...shown, call: { ...shown.call, value_wei: '4' } },
    { ...shown, refund: { ...shown.refund, base_gas: '1' } },
  ])
    expect(() => assertShown(hash, changed)).toThrow(
      Proposal.ProposalMismatchError,
    )
})
