import type { LocalHome } from './createLocalHome.js'
import type { HomeKey } from './listKeys.js'

/** Describes the services of a home, with null for missing ones. */
export type HomeDescription = {
  endpoint: string
  rpcUrl: string | null
  keys: {
    keyId: string
    arn: string
    alias: string | null
    address: string | null
    state: HomeKey['state']
  }[]
  functions: { name: string; arn: string }[]
}

export function describeHome(home: LocalHome): HomeDescription {
  return {
    endpoint: home.endpoint,
    rpcUrl: home.rpcUrl ?? null,
    keys: home.keys().map(({ keyId, arn, alias, address, state }) => ({
      ...{ keyId, arn },
      ...{ alias: alias ?? null, address: address ?? null, state },
    })),
    functions: home.functions().map(({ name, arn }) => ({ name, arn })),
  }
}
