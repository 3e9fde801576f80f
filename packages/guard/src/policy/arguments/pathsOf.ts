import type { ArgumentCondition } from '../ArgumentCondition.js'
import type { Arguments } from '../Policy.js'

/** A path that a rule names, and the requirements for the argument there. */
export type NamedPath = {
  /** The member that names the path, such as `args` or `ratios[0].of`. */
  readonly member: string
  readonly path: readonly string[]
  readonly condition: ArgumentCondition | undefined
}

/** Each path that a rule names, with the member that names it. */
export function pathsOf({ args, ratios, spends }: Arguments): NamedPath[] {
  const plain = (member: string, path: readonly string[]) => ({
    ...{ member, path, condition: undefined },
  })
  const listed = Array.isArray(spends) ? spends : []
  return [
    ...args.map(({ path, condition }) => ({ member: 'args', path, condition })),
    ...ratios.flatMap(({ of, to }, index) => [
      plain(`ratios[${index}].of`, of),
      plain(`ratios[${index}].to`, to),
    ]),
    ...listed.flatMap(({ amount, recipient }, index) => [
      plain(`spends[${index}].amount`, amount),
      ...(recipient === undefined
        ? []
        : [plain(`spends[${index}].recipient`, recipient)]),
    ]),
  ]
}
