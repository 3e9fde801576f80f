import { formats } from '@keyward/keyfile/formats'
import { choice, defaulting, required, text, toggle } from './Input.js'
import { passwordFd } from './inputs.js'
import { parseAddress } from './parsers.js'

/** The inputs for `--in`, which takes the file of a private key. */
export const sourceInputs = {
  format: choice(
    '--format <format>',
    'the expected format; refuse any other',
    formats,
  ),
  passwordFd: passwordFd(),
  derivationPath: text(
    '--derivation-path <path>',
    "the path for a recovery phrase (default: m/44'/60'/0'/0/0)",
    async (path) => {
      const { parsePath } = await import('@keyward/keyfile')
      parsePath(path)
      return path
    },
  ),
  passphrase: toggle(
    '--passphrase',
    "ask for the recovery phrase's BIP-39 passphrase",
  ),
}

export const endpointHost = text(
  '--endpoint-host <host>',
  "a host, other than KMS's own, that the key may be sent to",
)

/** The private key to import into KMS, and how to import it. */
export const wayInputs = {
  in: required(
    text('--in <file>', "the private key's file; - for standard input"),
  ),
  ...sourceInputs,
  expectAddress: text(
    '--expect-address <address>',
    'the expected account; replaces the confirmation',
    parseAddress,
  ),
  wrapping: defaulting(
    choice('--wrapping <algorithm>', 'how the key is encrypted for transport', [
      'rsa-aes-kwp',
      'oaep',
    ]),
    'rsa-aes-kwp',
  ),
  wrappingKey: defaulting(
    choice('--wrapping-key <spec>', 'the wrapping key to request', [
      'rsa-2048',
      'rsa-3072',
      'rsa-4096',
    ]),
    'rsa-4096',
  ),
  endpointHost,
}
