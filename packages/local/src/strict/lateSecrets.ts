import {
  findSecret,
  type SecretStore,
} from '../secretsmanager/createSecretStore.js'
import { createLateList } from './createLateList.js'

/** Secrets, as delayed reads see them. */
export function lateSecrets(
  store: SecretStore,
  now: () => number,
  lateMs: () => number,
): SecretStore {
  const { put, remove, list } = store
  const late = createLateList({
    ...{ list, now, lateMs },
    get: (name) => list().find((each) => each.name === name),
    nameOf: ({ name }) => name,
  })
  store.put = (secret) => late.changing(secret.name, () => put(secret))
  store.remove = (name) => late.changing(name, () => remove(name))
  return {
    ...store,
    list: late.list,
    find: (id) => findSecret(late.list(), id),
  }
}
