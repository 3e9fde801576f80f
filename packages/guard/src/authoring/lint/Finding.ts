import type { Policy, Rule } from '../../policy/Policy.js'

/** Something in a policy that is probably a mistake. */
export type Finding = {
  /** Stable, for scripts: `no-window`. */
  readonly code: string
  /** An error is a rule that allows more, or less, than anyone could intend. */
  readonly level: 'error' | 'warning'
  /** The rule, or null if it concerns the whole policy. */
  readonly rule: string | null
  /** Its location: `rules[pay].windows`. */
  readonly path: string
  readonly what: string
  readonly why: string
  /** How to fix it. */
  readonly fix: string
}

/** One check of the linter. */
export type Look = (policy: Policy, document: unknown) => readonly Finding[]

export const at = ({ id }: Rule, member = ''): string =>
  `rules[${id}]${member && `.${member}`}`

/** Rules that allow something and are enforced. */
export const allowing = ({ rules }: Policy): readonly Rule[] =>
  rules.filter(({ effect }) => effect === 'allow')

/** All texts in a JSON value with their paths, except notes. */
export function* textsOf(
  value: unknown,
  path = '',
): Generator<readonly [path: string, text: string]> {
  if (typeof value === 'string') yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [name, item] of Object.entries(value)) {
    if (name === 'note' || name === '$schema') continue
    const inner = Array.isArray(value)
      ? `[${idOf(item) ?? name}]`
      : path && `.${name}`
    yield* textsOf(item, `${path}${inner || name}`)
  }
}

const idOf = (item: unknown): string | undefined => {
  const { id } = (item ?? {}) as { id?: unknown }
  return typeof id === 'string' ? id : undefined
}

/** The rule that contains a path. */
export const ruleAt = (path: string): string | null =>
  /^rules\[([^\]]+)\]/.exec(path)?.[1] ?? null
