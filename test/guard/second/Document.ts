/** A policy as docs/policy.md writes it. */
export type Document = {
  version: 1
  mode?: Mode
  tokens?: Record<string, Token>
  groups?: Record<string, readonly (string | { address: string })[]>
  functions?: readonly string[]
  types?: Record<string, string>
  windows?: Record<string, Window>
  rules: readonly Rule[]
}

export type Mode = 'enforce' | 'shadow'

export type Token = {
  chain: number
  address: string
  kind: 'erc20' | 'erc721' | 'erc1155'
  decimals?: number
  symbol: string
}

export type Scope = 'caller' | 'account' | 'recipient'

export type Window = {
  asset: string
  chain?: number
  length: 'hour' | 'day' | 'week'
  limit: string
  per?: readonly Scope[]
}

export type Rule = {
  id: string
  effect?: 'allow' | 'deny'
  mode?: Mode
  payment?: object
  call?: Arguments & {
    to?: 'any' | readonly string[]
    functions?: 'any' | readonly string[]
  }
  create?: object
  typedData?: Arguments & {
    kinds?: readonly string[]
    contracts?: readonly string[]
    without?: readonly string[]
  }
  message?: {
    kinds: readonly string[]
    texts?: readonly string[]
    domains?: readonly string[]
    uris?: readonly string[]
    minNonceLength?: number
  }
  authorization?: { delegates?: readonly string[] }
  digest?: object
  callers?: readonly string[]
  accounts?: readonly string[]
  chains?: readonly number[]
  hours?: readonly { days?: readonly string[]; from?: string; to?: string }[]
  types?: readonly string[]
  fee?: Record<string, string>
  recipients?: readonly string[]
  dangers?: readonly string[]
  maxValidity?: number | 'unlimited'
  maxPerRequest?: Record<string, string>
  windows?: readonly string[]
}

export type Arguments = {
  args?: Record<string, Condition>
  ratios?: readonly Ratio[]
  spends?: 'unknown' | readonly Spend[]
}

export type Ratio = {
  of: string
  ofAsset: string
  to: string
  toAsset: string
  atLeast?: string
  atMost?: string
}

export type Spend = { asset: string; amount: string; recipient?: string }

export type Condition = {
  equals?: string | boolean
  in?: readonly (string | boolean)[]
  atLeast?: string
  atMost?: string
  within?: number
  startsWith?: string
  length?: Condition
  every?: Condition
  some?: Condition
  none?: Condition
  fields?: Record<string, Condition>
}
