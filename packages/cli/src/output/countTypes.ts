import { pluralize } from '@keyward/toolkit'

/**
 * Resources by how many there are of each kind, most first: `38 resources: 9
 * Lambda::Alias, 6 IAM::Role`.
 *
 * @param types - As CloudFormation names them, one for each resource.
 */
export function countTypes(types: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  const parts = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([type, count]) => `${count} ${type.replace(/^AWS::/, '')}`)
  return `${pluralize(types.length, 'resource')}: ${parts.join(', ')}`
}
