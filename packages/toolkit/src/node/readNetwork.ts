import { Network, Problems } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import type { Io } from '../Io.js'

/** A network by its name or decimal id; undefined when it is none. */
export function readNetwork(text: unknown): Network.Network | undefined {
  return Network.parse(text, 'network', Problems.create('network'))
}

/**
 * The network of `--network`, else of ETH_NETWORK; undefined when none is named.
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
  throw new InputError('The network is unknown.', {
    details:
      'Give --network with a name such as sepolia, or a chain id, or set ETH_NETWORK.',
  })
}

/** As {@link findNetwork}, where nothing goes without. @throws InputError */
export function requireNetwork(
  io: Io,
  given: string | undefined,
): Network.Network {
  const network = findNetwork(io, given)
  if (network) return network
  throw new InputError('No network was given.', {
    details:
      'Give --network with a name such as sepolia, or a chain id, or set ETH_NETWORK.',
  })
}
