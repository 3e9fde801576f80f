import { TemplateError } from './TemplateError.js'

/**
 * Puts resources after their dependencies, and otherwise keeps the given order.
 *
 * @throws TemplateError, which names the resources, for a circular dependency.
 */
export function orderResources(
  dependencies: ReadonlyMap<string, readonly string[]>,
): string[] {
  const ordered = new Set<string>()
  const path: string[] = []
  for (const id of dependencies.keys()) visit(id)
  return [...ordered]

  function visit(id: string): void {
    if (ordered.has(id)) return
    const start = path.indexOf(id)
    if (start >= 0)
      throw new TemplateError(
        `Circular dependency: ${[...path.slice(start), id].join(' -> ')}`,
      )
    path.push(id)
    for (const other of dependencies.get(id) ?? []) visit(other)
    path.pop()
    ordered.add(id)
  }
}
