import type { Condition } from '../../packages/sender/src/ledger/Condition.js'
import type { Store } from '../../packages/sender/src/ledger/Store.js'

/** A store whose writes don't ask for an attribute: what the check is worth. */
export function withoutConditionsOn(store: Store, name: string): Store {
  return {
    ...store,
    update(key, { condition, ...change }, settings) {
      const left = condition && without(condition, name)
      return store.update(
        key,
        { ...change, ...(left && { condition: left }) },
        settings,
      )
    },
  }
}

/** Undefined where nothing is left to ask. */
function without(condition: Condition, name: string): Condition | undefined {
  if (condition.is !== 'all' && condition.is !== 'any')
    return condition.name === name ? undefined : condition
  const of = condition.of.flatMap((one) => without(one, name) ?? [])
  return of.length === 0 ? undefined : { ...condition, of }
}
