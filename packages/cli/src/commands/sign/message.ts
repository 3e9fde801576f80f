import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'
import { signInputs, toSign } from './signInputs.js'

export const messageCommand = define('message', {
  description: "sign a file's bytes (EIP-191)",
  takes: {
    ...signInputs,
    hex: toggle('--hex', 'the input is hex text: sign the bytes it stands for'),
  },
  help: 'Every byte counts, a newline at the end too. Calls kms:GetPublicKey, kms:Sign.',
  examples: [
    'keyward sign message --in message.txt',
    'printf %s hello | keyward sign message --in - --json',
    'printf 0xdeadbeef | keyward sign message --in - --hex',
  ],
  async run(terminal, options) {
    const { signMessage } = await import('@keyward/toolkit/sign')
    const data = await signMessage(terminal, toSign(terminal, options))
    return { data, text: toColumns(Object.entries(data)) }
  },
})
