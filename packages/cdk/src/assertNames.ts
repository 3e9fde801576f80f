import { quote } from '@keyward/iam/quote'
import type { MultisigStackProps } from './MultisigStackProps.js'
import { toArn } from './principals.js'

/**
 * A co-signer identifies proposers by the name of their alias. So each name
 * must belong to one principal, and each principal must have one name.
 *
 * @throws Error
 */
export function assertNames({
  owners,
  proposers = {},
}: Pick<MultisigStackProps, 'owners' | 'proposers'>): void {
  const arnOf = new Map<string, string>()
  const nameOf = new Map<string, string>()
  const lists = [
    ['proposers', proposers],
    ...owners.map(
      ({ approvers }, index) =>
        [`owners[${index}].approvers`, approvers] as const,
    ),
  ] as const
  for (const [list, names] of lists)
    for (const [name, principal] of Object.entries(names)) {
      const arn = toArn(`${list}.${name}`, principal)
      const other = arnOf.get(name) ?? arn
      const namesake = nameOf.get(arn) ?? name
      if (other !== arn || namesake !== name)
        throw new Error(
          `${list}: the name ${quote(name)} belongs to ${arn}, but elsewhere in the stack ${other !== arn ? `it belongs to ${other}` : `that principal has the name ${quote(namesake)}`}. Proposers are identified by name. Use one name for each principal, and one principal for each name.`,
        )
      arnOf.set(name, arn)
      nameOf.set(arn, name)
    }
}
