import { type Io, note } from '../Io.js'
import type { Settings } from './Settings.js'

/**
 * Every deployment names the users that sign directly and so bypass the policy,
 * and the command that removes them.
 */
export function noteUnguarded(
  io: Io,
  stack: string,
  { policy, users, unguardedUsers }: Settings,
): void {
  if (!policy || !unguardedUsers || !Array.isArray(users)) return
  if (users.length === 0) return
  note(
    io,
    `These users sign with the key directly, without the policy (unguardedUsers): ${users.join(', ')}. To remove them: keyward deploy --stack ${stack} -c users=`,
  )
}
