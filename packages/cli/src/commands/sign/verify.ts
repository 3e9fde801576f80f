import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { input } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'

export const verifyCommand = define('verify', {
  description: 'check who signed a transaction, message or typed data',
  takes: {
    address: required(
      text('--address <address>', 'the expected signer', parseAddress),
    ),
    in: input(),
  },
  help: `The input is a signed transaction in hex, or JSON {"message","signature"} or
{"typedData","signature"}; a message is text, or {"raw":"0x…"} for bytes.
Exit code 1: the address did not sign the input. Makes no requests.`,
  examples: [
    'keyward verify --address 0x… --in signed.txt',
    'echo \'{"message":"hello","signature":"0x…"}\' | keyward verify --address 0x… --in -',
  ],
  async run(terminal, options) {
    const { address } = options
    const { verifySignature } = await import('@keyward/toolkit/sign')
    const valid = await verifySignature(terminal, options)
    return {
      data: { valid, address },
      text: valid
        ? `valid: signed by ${address}`
        : `invalid: not signed by ${address}`,
      exitCode: valid ? 0 : 1,
    }
  },
})
