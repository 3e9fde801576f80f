import type { Policy, Rule } from '../../policy/Policy.js'

/** Something in a policy that is probably not meant. */
export type Finding = {
  /** Stable, for scripts: `no-window`. */
  readonly code: string
  /** An error lets more through, or less, than anybody can mean. */
  readonly level: 'error' | 'warning'
  /** The rule, or null where it is about the whole policy. */
  readonly rule: string | null
  /** Where it stands: `rules[pay].windows`. */
  readonly path: string
  readonly what: string
  readonly why: string
  /** What to do. */
  readonly fix: string
}

/** One thing to look for. */
export type Look = (policy: Policy, document: unknown) => readonly Finding[]

export const at = ({ id }: Rule, member = ''): string =>
  `rules[${id}]${member && `.${member}`}`

/** Those that allow something, and are enforced. */
export const allowing = ({ rules }: Policy): readonly Rule[] =>
  rules.filter(({ effect }) => effect === 'allow')

/** Every text of a JSON value, with its path; notes have none. */
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

/** The rule that a path is in. */
export const ruleAt = (path: string): string | null =>
  /^rules\[([^\]]+)\]/.exec(path)?.[1] ?? null
