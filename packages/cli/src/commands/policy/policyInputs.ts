import { list, required, text } from '../../program/Input.js'

// What several commands take, in the same words.

export const policy = required(text('<policy>', 'the file of the policy'))

export const abi = list(
  '--abi <file>',
  'JSON ABI of a contract whose functions the policy names; repeat it for more',
)
