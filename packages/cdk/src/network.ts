import { quote } from '@keyward/iam/quote'
import { networkNames } from './networks.generated.js'

/**
 * Checks the name of a chain as the functions do.
 *
 * @throws Error listing what is allowed.
 */
export function assertNetwork(network: string): void {
  if (networkNames.includes(network)) return
  if (/^[1-9][0-9]{0,15}$/.test(network) && Number.isSafeInteger(+network))
    return
  throw new Error(
    `network: ${quote(network)} is not a known network. Allowed: a chain id in decimal, or one of ${networkNames.join(', ')}.`,
  )
}
