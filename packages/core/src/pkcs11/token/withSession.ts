import { userType } from '../constants.js'
import { openSessions, type Pkcs11Options } from '../openSessions.js'
import type * as Session from '../Session.js'

/**
 * Runs one administrative task in its own session. A login belongs to the
 * process and ends with the last session: the officer and the user can't be
 * logged in at the same time, and a process that is signing stays logged in.
 *
 * @param options.pin - The user's or the security officer's.
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
