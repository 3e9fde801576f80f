import { formats } from '@keyward/keyfile/formats'
import { choice, defaulting, required, text, toggle } from './Input.js'
import { passwordFd } from './inputs.js'
import { parseAddress } from './parsers.js'

/** What goes with `--in`, by which a private key's file is named. */
export const sourceInputs = {
  format: choice('--format <format>', 'refuse any other format', formats),
  passwordFd: passwordFd(),
  derivationPath: text(
    '--derivation-path <path>',
    "of a phrase; else m/44'/60'/0'/0/0",
    async (path) => {
      const { parsePath } = await import('@keyward/keyfile')
      parsePath(path)
      return path
    },
  ),
  passphrase: toggle(
    '--passphrase',
    'ask for the BIP-39 passphrase of a phrase',
  ),
}

export const endpointHost = text(
  '--endpoint-host <host>',
  "a host other than KMS's own that the key may be sent to",
)

/** What private key goes to KMS, and how it gets there. */
export const wayInputs = {
  in: required(text('--in <file>', 'the private key; - for standard input')),
  ...sourceInputs,
  expectAddress: text(
    '--expect-address <address>',
    'the account that it must be; then nothing is asked',
    parseAddress,
  ),
  wrapping: defaulting(
    choice('--wrapping <algorithm>', 'how it is encrypted on its way', [
      'rsa-aes-kwp',
      'oaep',
    ]),
    'rsa-aes-kwp',
  ),
  wrappingKey: defaulting(
    choice('--wrapping-key <spec>', 'the wrapping key asked for', [
      'rsa-2048',
      'rsa-3072',
      'rsa-4096',
    ]),
    'rsa-4096',
  ),
  endpointHost,
}
