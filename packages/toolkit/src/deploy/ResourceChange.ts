import type { PropertyChange } from './compareProperties.js'

/** One resource in a change set. */
export type ResourceChange = {
  action: 'add' | 'modify' | 'replace' | 'remove' | 'other'
  type: string
  logicalId: string
  /** Empty if the resource doesn't exist yet. */
  physicalId: string
  /** Affected properties, e.g. `Environment`. */
  scope: readonly string[]
  /** Empty if the caller isn't allowed to read the deployed template. */
  properties: readonly PropertyChange[]
  /** Whether CloudFormation can't yet tell if it will replace the resource. */
  maybe: boolean
  /** What happens to a removed or replaced resource, e.g. `Retain`. */
  policy: string | undefined
}
