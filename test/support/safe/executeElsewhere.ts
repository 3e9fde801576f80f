import { encodeFunctionData, parseAbi } from 'viem'
import {
  encodeExecution,
  type Proposal,
  SafeSignature,
} from '../../../packages/safe/src/index.js'
import type { MultisigHome } from './openMultisigHome.js'

const abi = parseAbi(['function approveHash(bytes32 hash)'])

/**
 * Has a proposal executed by somebody who got the owners' consent another way:
 * two of them approve its hash on the chain.
 */
export async function executeElsewhere(
  { chain, owners }: Pick<MultisigHome, 'chain' | 'owners'>,
  { domain, transaction, safeTx }: Proposal.Proposal,
): Promise<void> {
  const { call } = chain.anvil
  const approving = owners.slice(1)
  for (const from of approving) {
    await chain.fund(from, 10n ** 18n)
    await call('anvil_impersonateAccount', [from])
    const data = encodeFunctionData({ abi, args: [safeTx] })
    await call('eth_sendTransaction', [{ from, to: domain.safe, data }])
  }
  const signatures = approving.map((owner) => ({
    ...({ kind: 'approved', owner } as const),
  }))
  const { status } = await chain.send({
    to: domain.safe,
    data: encodeExecution(transaction, SafeSignature.pack(signatures)),
  })
  if (status !== '0x1') throw new Error('The Safe reverted.')
}
