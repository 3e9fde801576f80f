import { define } from '../../program/define.js'
import { signInputs } from './signInputs.js'

export const typedDataCommand = define('typed-data', {
  description: 'sign typed data (EIP-712)',
  takes: signInputs,
  help: `The JSON is that of eth_signTypedData_v4: {"types","primaryType","domain","message"}.
Calls kms:GetPublicKey, kms:Sign.`,
  examples: [
    'keyward sign typed-data --key alias/treasury --in permit.json',
    'keyward sign typed-data --in - --json < permit.json',
  ],
  run: async (terminal, options) =>
    (await import('./signTypedData.js')).signTypedData(terminal, options),
})
