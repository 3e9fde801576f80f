import type { JsonObject } from './Json.js'
import type { Identity, Made, Place, ResourceType } from './ResourceType.js'
import type { Resource } from './Template.js'

/** One resource on its way to be made, changed or kept. */
export type Step = {
  logicalId: string
  type: ResourceType
  typeName: string
  template: Resource
  dependsOn: readonly string[]
  /** As the stack has it now. */
  before: Made | undefined
  /** @throws TemplateError */
  properties(made: ReadonlyMap<string, Identity>): JsonObject
  /** For making it anew, and for changing what is there. */
  place: Place
  placeBefore: Place
}
