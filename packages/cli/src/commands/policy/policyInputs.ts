import { list, required, text } from '../../program/Input.js'

// Inputs that several commands share, with the same wording.

export const policy = required(text('<policy>', 'the policy file'))

export const abi = list(
  '--abi <file>',
  'JSON ABI of a contract whose functions the policy names; can be repeated',
)
