import { AddressField, Problems } from '@keyward/core'

/**
 * Parses a command-line address and returns it in EIP-55 form.
 *
 * @param name - The flag's name, for the message.
 * @throws InvalidRequestError
 */
export function parseAddress(text: string, name: string): string {
  const problems = Problems.create('command line')
  const address = AddressField.parse(text, name, problems)
  problems.assertNone()
  return AddressField.toChecksum(address ?? '0x')
}
