import { list, required, text } from '../../program/Input.js'

// What several commands take, in the same words.

export const policy = required(text('<policy>', 'the policy file'))

export const abi = list(
  '--abi <file>',
  'JSON ABI of a contract whose functions the policy names; may be repeated',
)
