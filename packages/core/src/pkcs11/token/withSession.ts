import { userType } from '../constants.js'
import { openSessions, type Pkcs11Options } from '../openSessions.js'
import type * as Session from '../Session.js'

/**
 * Does one piece of administration in a session of its own. A login is the
 * process's and ends with the last session: officer and user can't be logged in
 * at the same time, and who signs meanwhile stays logged in.
 *
 * @param options.pin - The user's, or the security officer's.
 */
export async function withSession<value>(
  options: Pkcs11Options,
  who: 'user' | 'securityOfficer',
  what: string,
  work: (session: Session.Session) => Promise<value>,
): Promise<value> {
  const one = { ...options, sessions: 1 }
  const sessions = await openSessions(one, userType[who])
  try {
    return await sessions.run(what, work)
  } finally {
    await sessions.close()
  }
}
