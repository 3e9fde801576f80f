/** One resource that a change set is about. */
export type ResourceChange = {
  action: 'add' | 'modify' | 'replace' | 'remove' | 'other'
  type: string
  logicalId: string
  /** Empty for one that isn't there yet. */
  physicalId: string
  /** Properties, e.g. `Environment`. */
  scope: readonly string[]
  /** A replacement that CloudFormation isn't sure of before it tries. */
  maybe: boolean
  /** What becomes of one that is removed or replaced, e.g. `Retain`. */
  policy: string | undefined
}
