import { checkPolicy, Finding, type Resolved } from '@keyward/iam/review'
import { describeDangling } from './danglingPrincipals.js'
import { findGrants } from './findGrants.js'
import type { KeyAccess } from './readKeyAccess.js'

/** The weaknesses in a key's policy and grants. */
export function findAll(
  { policy, grants, key }: KeyAccess,
  meant: Resolved,
): Finding.Finding[] {
  return Finding.sort([
    ...checkPolicy(policy, meant, key),
    ...describeDangling(meant.gone, policy),
    ...findGrants(grants, policy, key),
  ])
}
