import type { LocalHome } from './createLocalHome.js'

/** Describes the services of a home, with null for missing ones. */
export type HomeDescription = {
  endpoint: string
  rpcUrl: string | null
  keys: {
    keyId: string
    arn: string
    alias: string | null
    address: string | null
  }[]
  functions: { name: string; arn: string }[]
}

export function describeHome(home: LocalHome): HomeDescription {
  return {
    endpoint: home.endpoint,
    rpcUrl: home.rpcUrl ?? null,
    keys: home.keys().map(({ keyId, arn, alias, address }) => ({
      ...{ keyId, arn },
      ...{ alias: alias ?? null, address: address ?? null },
    })),
    functions: home.functions().map(({ name, arn }) => ({ name, arn })),
  }
}
