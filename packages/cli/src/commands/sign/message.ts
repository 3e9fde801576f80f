import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'
import { signInputs, toSign } from './signInputs.js'

export const messageCommand = define('message', {
  description: "sign a file's bytes as a message (EIP-191)",
  takes: {
    ...signInputs,
    hex: toggle('--hex', 'read the input as hex and sign the decoded bytes'),
  },
  help: 'Signs every byte, including a newline at the end. Calls kms:GetPublicKey,\nkms:Sign.',
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
