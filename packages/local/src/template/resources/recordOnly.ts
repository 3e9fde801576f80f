import type { JsonObject } from '../Json.js'
import { canonical } from '../Json.js'
import type { Change, Identity, Place, ResourceType } from '../ResourceType.js'

/**
 * A type that exists only in the stack's state and not in a service. A new id
 * means a new resource.
 */
export function recordOnly(definition: {
  check(properties: JsonObject, place: Place): void
  identify(properties: JsonObject, place: Place): Identity
}): ResourceType {
  return {
    ...definition,
    change: changeOf(definition.identify),
    make: async () => undefined,
    update: async () => undefined,
    remove: async () => {},
  }
}

/** A new id means a new resource. */
export function changeOf(
  identify: (properties: JsonObject, place: Place) => Identity,
): ResourceType['change'] {
  return (before, properties, place): Change =>
    identify(properties, place).physicalId === before.physicalId
      ? 'update'
      : 'replace'
}

/** Any change to these properties creates a new resource. */
export function replacedBy(names: readonly string[]): ResourceType['change'] {
  return (before, properties) =>
    names.some(
      (name) =>
        canonical(before.properties[name]) !== canonical(properties[name]),
    )
      ? 'replace'
      : 'update'
}
