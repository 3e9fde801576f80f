import { pluralize } from './pluralize.js'

/**
 * Counts resources by kind, most frequent first:
 * `38 resources: 9 Lambda::Alias, 6 IAM::Role, 4 Lambda::Function, 19 others`.
 *
 * @param types - CloudFormation's type names, one per resource.
 * @param shown - How many kinds fit on the line.
 */
export function countTypes(types: readonly string[], shown = 3): string {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  const kinds = sorted.length > shown + 1 ? sorted.slice(0, shown) : sorted
  const named = kinds.reduce((sum, [, count]) => sum + count, 0)
  const parts = [
    ...kinds.map(([type, count]) => `${count} ${type.replace(/^AWS::/, '')}`),
    ...(named < types.length ? [`${types.length - named} others`] : []),
  ]
  return `${pluralize(types.length, 'resource')}: ${parts.join(', ')}`
}
