import type { ParameterStore } from '../ssm/createParameterStore.js'
import { createLateList } from './createLateList.js'

/** SSM parameters, as delayed reads see them. */
export function lateParameters(
  store: ParameterStore,
  now: () => number,
  lateMs: () => number,
): ParameterStore {
  const { add, remove, get, list } = store
  const late = createLateList({
    ...{ get, list, now, lateMs },
    nameOf: ({ name }) => name,
  })
  store.add = (name, version) => late.changing(name, () => add(name, version))
  store.remove = (name) => late.changing(name, () => remove(name))
  return { ...store, get: late.get, list: late.list }
}
