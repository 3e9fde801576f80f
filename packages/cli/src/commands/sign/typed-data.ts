import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { signInputs, toSign } from './signInputs.js'

export const typedDataCommand = define('typed-data', {
  description: 'sign typed data (EIP-712)',
  takes: signInputs,
  help: `The JSON has the format of eth_signTypedData_v4:
{"types","primaryType","domain","message"}.
Calls kms:GetPublicKey, kms:Sign.`,
  examples: [
    'keyward sign typed-data --key alias/treasury --in permit.json',
    'keyward sign typed-data --in - --json < permit.json',
  ],
  async run(terminal, options) {
    const { signTypedData } = await import('@keyward/toolkit/sign')
    const data = await signTypedData(terminal, toSign(terminal, options))
    return { data, text: toColumns(Object.entries(data)) }
  },
})
