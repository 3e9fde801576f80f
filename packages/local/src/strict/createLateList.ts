import { createHistory } from './createHistory.js'

/** A store of named values that shows each change with a delay. */
export type LateList<value> = {
  /** Runs a change to the value with this name. */
  changing<result>(name: string, change: () => result): result
  get(name: string): value | undefined
  list(): value[]
}

/**
 * @param lateMs - Returns the delay, which is 0 while nothing is delayed.
 * Called each time.
 */
export function createLateList<value>(parameters: {
  get: (name: string) => value | undefined
  list: () => value[]
  nameOf: (value: value) => string
  now: () => number
  lateMs: () => number
}): LateList<value> {
  const { list, nameOf, now, lateMs } = parameters
  const history = createHistory<value>(now, lateMs)
  const get = (name: string) => history.late(name, parameters.get(name))
  return {
    changing(name, change) {
      const before = parameters.get(name)
      const result = change()
      history.note(name, before)
      return result
    },
    get,
    list: () =>
      [...new Set([...list().map(nameOf), ...history.names()])].flatMap(
        (name) => get(name) ?? [],
      ),
  }
}
