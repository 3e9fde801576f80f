import type { JsonObject } from './Json.js'
import type { Identity, Made, Place, ResourceType } from './ResourceType.js'
import type { Resource } from './Template.js'

/** A resource to create, change or keep. */
export type Step = {
  logicalId: string
  type: ResourceType
  typeName: string
  template: Resource
  dependsOn: readonly string[]
  /** The stack's current resource. */
  before: Made | undefined
  /** @throws TemplateError */
  properties(made: ReadonlyMap<string, Identity>): JsonObject
  /** For creating a resource, and for changing an existing one. */
  place: Place
  placeBefore: Place
}
