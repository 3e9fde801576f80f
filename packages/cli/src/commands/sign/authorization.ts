import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { delegationInputs, signInputs, toSign } from './signInputs.js'

export const authorizationCommand = define('authorization', {
  description:
    'sign an authorization that delegates the account to a contract (EIP-7702)',
  takes: { ...signInputs, ...delegationInputs },
  help: 'The JSON is {"address": contract, "chainId": 1, "nonce": 0}. Calls kms:GetPublicKey, kms:Sign.',
  examples: [
    'keyward sign authorization --allow-delegation --in authorization.json',
  ],
  async run(terminal, options) {
    const { signAuthorization } = await import('@keyward/toolkit/sign')
    const data = await signAuthorization(terminal, toSign(terminal, options))
    const rows = Object.entries(data)
    return {
      data,
      text: toColumns(rows.map(([name, value]) => [name, String(value)])),
    }
  },
})
