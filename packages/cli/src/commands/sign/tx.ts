import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { choice } from '../../program/Input.js'
import { delegationInputs, signInputs, toSign } from './signInputs.js'

export const txCommand = define('tx', {
  description: 'sign a transaction given as JSON',
  takes: {
    ...signInputs,
    ...delegationInputs,
    sidecar: choice(
      '--sidecar <form>',
      'the kind of blob proofs that the network accepts',
      ['eip4844', 'eip7594'],
    ),
  },
  help: `The JSON has viem's field names, for example
  {"type":"eip1559","chainId":1,"nonce":0,"to":"0x…","value":"1000000000000000",
   "gas":21000,"maxFeePerGas":"30000000000","maxPriorityFeePerGas":"1000000000"}
Amounts are in wei, as decimal or 0x strings, or as whole numbers up to 2^53-1.
Calls kms:GetPublicKey, kms:Sign.`,
  examples: [
    'keyward sign tx --key alias/treasury --in tx.json',
    'keyward sign tx --in - --json < tx.json',
  ],
  async run(terminal, options) {
    const { signTx } = await import('@keyward/toolkit/sign')
    const data = await signTx(terminal, toSign(terminal, options))
    return { data, text: toColumns(Object.entries(data)) }
  },
})
