import { InputError } from '@keyward/core/errors'
import type { Terminal } from '../../terminal/Terminal.js'

/**
 * The account that an argument names, or its key.
 *
 * @throws InputError
 */
export function accountOf(
  terminal: Terminal,
  { address, key }: { address: string | undefined; key: string | undefined },
): { address: string } | { keyId: string } {
  if (address !== undefined && key !== undefined)
    throw new InputError('<address> is given with --key.', {
      details: 'Give one of them: the account, or its key.',
    })
  if (address !== undefined) return { address }
  const keyId = key ?? terminal.env.AWS_KMS_KEY_ID
  if (keyId !== undefined && keyId !== '') return { keyId }
  throw new InputError('No account is named.', {
    details: 'Give an address, or --key, or set AWS_KMS_KEY_ID.',
  })
}
