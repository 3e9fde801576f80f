import type { XmlValue } from '../protocol/Xml.js'
import type { ChangeSet } from './ChangeSet.js'

type Change = ChangeSet['changes'][number]

const actions = {
  make: 'Add',
  keep: 'Modify',
  update: 'Modify',
  replace: 'Modify',
  remove: 'Remove',
} as const

/** One change of a change set, in the form of DescribeChangeSet. */
export function toChange(
  { physicalIds, policies }: ChangeSet,
  { logicalId, typeName, action, changed }: Change,
): { [name: string]: XmlValue } {
  const policy = policies[logicalId]
  const isReplaced = action === 'replace'
  const policyAction = isReplaced
    ? policy?.replacement === 'Retain'
      ? 'ReplaceAndRetain'
      : 'ReplaceAndDelete'
    : action === 'remove'
      ? policy?.deletion === 'Retain'
        ? 'Retain'
        : 'Delete'
      : undefined
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: policyAction,
      Action: actions[action],
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalIds[logicalId],
      ResourceType: typeName,
      Replacement:
        actions[action] === 'Modify'
          ? isReplaced
            ? 'True'
            : 'False'
          : undefined,
      Scope: [...new Set(changed.map(({ attribute }) => attribute))],
      Details: changed.map(({ attribute, name }) => ({
        Target: {
          Attribute: attribute,
          Name: name,
          RequiresRecreation: isReplaced ? 'Conditionally' : 'Never',
        },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      })),
    },
  }
}
