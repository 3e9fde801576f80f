import { AddressField, Problems } from '@keyward/core'

/**
 * An address that was given on the command line, as EIP-55 writes it.
 *
 * @param name - Of the flag, for the message.
 * @throws InvalidRequestError
 */
export function parseAddress(text: string, name: string): string {
  const problems = Problems.create('command line')
  const address = AddressField.parse(text, name, problems)
  problems.assertNone()
  return AddressField.toChecksum(address ?? '0x')
}
