import type { Key } from '../kms/Key.js'
import type { KmsContext } from '../kms/KmsContext.js'
import type { Alias } from '../kms/state/createAliasStore.js'
import { createHistory } from './createHistory.js'

const reads = /^(?:Describe|Get|List)(?!ParametersForImport)[A-Za-z]+$/

/**
 * KMS that shows each change with a delay of several seconds. Reads return the
 * earlier state. Other operations act on the current state, but don't find
 * newer keys or aliases.
 *
 * @returns the context of one operation
 */
export function createLateKms(
  kms: KmsContext,
  lateMs: () => number,
): (operation: string) => KmsContext {
  const keys = createHistory<Key>(kms.now, lateMs)
  const aliases = createHistory<Alias>(kms.now, lateMs)
  const { keys: ofKeys, aliases: ofAliases } = kms
  const { save, remove } = ofKeys
  const { save: saveAlias, remove: removeAlias } = ofAliases
  ofKeys.save = async (key) => {
    const before = ofKeys.get(key.keyId)
    await save(key)
    keys.note(key.keyId, before)
  }
  ofKeys.remove = async (keyId) => {
    const before = ofKeys.get(keyId)
    await remove(keyId)
    keys.note(keyId, before)
  }
  ofAliases.save = async (alias) => {
    const before = ofAliases.get(alias.name)
    await saveAlias(alias)
    aliases.note(alias.name, before)
  }
  ofAliases.remove = async (name) => {
    const before = ofAliases.get(name)
    await removeAlias(name)
    aliases.note(name, before)
  }
  const lateKey = (id: string) => keys.late(id, ofKeys.get(id))
  const lateAlias = (name: string) => aliases.late(name, ofAliases.get(name))
  const isThere = <value>(value: value | undefined): value is value =>
    value !== undefined
  const late: KmsContext = {
    ...kms,
    keys: {
      ...ofKeys,
      get: lateKey,
      list: () => {
        const ids = ofKeys.list().map(({ keyId }) => keyId)
        return [...new Set([...ids, ...keys.names()])]
          .sort()
          .map(lateKey)
          .filter(isThere)
      },
    },
    aliases: {
      ...ofAliases,
      get: lateAlias,
      list: (target) => {
        const names = ofAliases.list().map(({ name }) => name)
        return [...new Set([...names, ...aliases.names()])]
          .sort()
          .map(lateAlias)
          .filter(isThere)
          .filter(({ targetKeyId }) => !target || targetKeyId === target)
      },
    },
  }
  const working: KmsContext = {
    ...kms,
    keys: {
      ...ofKeys,
      get: (id) => (lateKey(id) === undefined ? undefined : ofKeys.get(id)),
    },
    aliases: { ...ofAliases, get: lateAlias },
  }
  // A name that is taken is known at once.
  const naming: KmsContext = { ...working, aliases: ofAliases }
  return (operation) =>
    reads.test(operation) ? late : /Alias$/.test(operation) ? naming : working
}
