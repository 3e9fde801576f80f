import { Network, Problems } from '@keyward/core'

/** A network by its name or decimal id; undefined when it is none. */
export function readNetwork(text: unknown): Network.Network | undefined {
  return Network.parse(text, 'network', Problems.create('network'))
}
