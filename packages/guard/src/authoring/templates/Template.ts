/** The values to fill into a template. */
export type TemplateOptions = {
  readonly chain: number
  /**
   * ERC-20 tokens that replace the template's own, in the same order; see
   * `tokens`.
   */
  readonly tokens: readonly TemplateToken[]
  /**
   * Allowed recipients. If there are none, the policy has examples that `lint`
   * reports.
   */
  readonly payees: readonly {
    readonly name: string
    readonly address: string
  }[]
  /** The aliases that may request signatures. */
  readonly callers: readonly string[]
  readonly mode: 'enforce' | 'shadow'
}

export type TemplateToken = {
  readonly symbol: string
  readonly address: string
  readonly decimals: number
}

/** A policy as JSON. */
export type PolicyDocument = {
  readonly version: 1
  readonly name: string
  readonly mode: 'enforce' | 'shadow'
  readonly rules: readonly Readonly<Record<string, unknown>>[]
  readonly [member: string]: unknown
}

export type Template = {
  /** The template's audience, in one line. */
  readonly description: string
  /** Symbols of the template's tokens, which the chain's own tokens replace. */
  readonly tokens: readonly string[]
  create(options: TemplateOptions): PolicyDocument
}

/** Converts an amount to the smallest unit: `amount(1.5, 6)`. */
export function amount(whole: number | string, decimals = 18): string {
  const [digits = '', part = ''] = String(whole).split('.')
  return String(BigInt(digits + part.padEnd(decimals, '0').slice(0, decimals)))
}

/** The id of a token: the characters of its symbol that are valid in a name. */
export const idOf = ({ symbol }: TemplateToken): string =>
  symbol.replace(/[^A-Za-z0-9_.-]/g, '').replace(/^[^A-Za-z]/, 'T$&')

/** The member `tokens` of a policy. */
export function tokensOf({ chain, tokens }: TemplateOptions) {
  return Object.fromEntries(
    tokens.map((token) => {
      const { address, decimals, symbol } = token
      return [idOf(token), { chain, address, kind: 'erc20', decimals, symbol }]
    }),
  )
}

/** A limit per token, in whole tokens. */
export const ofEach = (
  { tokens }: TemplateOptions,
  whole: number | string,
): Record<string, string> =>
  Object.fromEntries(
    tokens.map((token) => [idOf(token), amount(whole, token.decimals)]),
  )

/** A window per token, in whole tokens: `usdc-day`. */
export const windowsOf = (
  { tokens }: TemplateOptions,
  length: 'hour' | 'day' | 'week',
  whole: number,
  name: string = length,
) =>
  Object.fromEntries(
    tokens.map((token) => [
      windowOf(token, name),
      {
        ...{ asset: idOf(token), length },
        limit: amount(whole, token.decimals),
      },
    ]),
  )

export const windowOf = (token: TemplateToken, name: string): string =>
  `${idOf(token).toLowerCase()}-${name}`

/** The names of `windowsOf`. */
export const windowNames = ({ tokens }: TemplateOptions, name: string) =>
  tokens.map((token) => windowOf(token, name))
