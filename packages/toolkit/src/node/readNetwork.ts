import { Network, Problems } from '@keyward/core'
import { InputError, quote } from '@keyward/core/errors'
import type { Io } from '../Io.js'

/**
 * Finds a network by its name or decimal id; undefined if there is no such
 * network.
 */
export function readNetwork(text: unknown): Network.Network | undefined {
  return Network.parse(text, 'network', Problems.create('network'))
}

/**
 * Reads the network from `--network` or ETH_NETWORK; undefined if neither is
 * set.
 *
 * @throws InputError
 */
export function findNetwork(
  { env }: Io,
  given: string | undefined,
): Network.Network | undefined {
  const named = given ?? env.ETH_NETWORK
  if (named === undefined || named === '') return undefined
  const network = readNetwork(named)
  if (network) return network
  const source = given === undefined ? 'ETH_NETWORK' : '--network'
  throw new InputError(`${source} ${quote(named)} is not a known network.`, {
    details:
      'Allowed: the name of a network, such as sepolia, or a chain id in decimal.',
  })
}

/** Like {@link findNetwork}, but requires a network. @throws InputError */
export function requireNetwork(
  io: Io,
  given: string | undefined,
): Network.Network {
  const network = findNetwork(io, given)
  if (network) return network
  throw new InputError('No network was given.', {
    details:
      'Pass --network with a name such as sepolia or with a decimal chain id, or set ETH_NETWORK.',
  })
}
