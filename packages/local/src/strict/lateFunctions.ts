import type { FunctionRegistry } from '../lambda/FunctionRegistry.js'
import { createLateList } from './createLateList.js'

/** Functions with all their parts, as delayed reads see them. */
export function lateFunctions(
  registry: FunctionRegistry,
  now: () => number,
  lateMs: () => number,
): FunctionRegistry {
  const { get, list, update } = registry
  const late = createLateList({
    ...{ get, list, now, lateMs },
    nameOf: ({ latest }) => latest.name,
  })
  registry.update = (name, change) =>
    late.changing(name, () => update(name, change))
  return { ...registry, get: late.get, list: late.list }
}
