import { userType } from '../constants.js'
import { openSessions, type Pkcs11Options } from '../openSessions.js'
import * as Session from '../Session.js'

/**
 * Does one piece of administration in a session of its own, and logs out:
 * officer and user can't be logged in at the same time.
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
    return await sessions.run(what, async (session) => {
      try {
        return await work(session)
      } finally {
        await Session.call(session, 'C_Logout').catch(() => {})
      }
    })
  } finally {
    await sessions.close()
  }
}
