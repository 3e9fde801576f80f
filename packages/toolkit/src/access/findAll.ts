import {
  checkPolicy,
  Finding,
  KeyPolicy,
  planPolicy,
} from '@keyward/iam/review'
import { findAroundThePolicy } from './aroundThePolicy.js'
import { describeDangling } from './danglingPrincipals.js'
import { findGrants } from './findGrants.js'
import type { OpenAccess } from './openAccess.js'
import type { KeyAccess } from './readKeyAccess.js'

type Intended = Pick<OpenAccess, 'meant' | 'signers' | 'setBy'>

/** The weaknesses in a key's policy and grants. */
export function findAll(
  { policy, grants, key }: KeyAccess,
  { meant, signers, setBy }: Intended,
): Finding.Finding[] {
  return Finding.sort([
    ...checkPolicy(policy, meant, key),
    ...describeDangling(meant.gone, policy),
    ...findGrants(grants, policy, key),
    ...findAroundThePolicy(meant, signers, policy, setBy),
  ])
}

/**
 * The findings that the recommended policy would leave; undefined if it would
 * change nothing.
 */
export function findUnfixed(
  access: KeyAccess,
  intended: Intended,
): Finding.Finding[] | undefined {
  const { policy, grants, key } = access
  const plan = planPolicy(policy, intended.meant, key)
  if (!plan.isChange && (grants ?? []).length === 0) return undefined
  const next = KeyPolicy.fromDocument(plan.document)
  return findAll({ ...access, policy: next, grants: grants && [] }, intended)
}
