import { type WhoCan, whoCan, whoCanText } from '@keyward/iam/review'
import { note } from '@keyward/toolkit'
import { openAccess, type Subject } from '@keyward/toolkit/access'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Who may do what with a key. */
export function showAccess(
  terminal: Terminal,
  subject: Subject,
): Promise<Result<{ key: string; access: WhoCan[]; unread: string[] }>> {
  return openAccess(terminal, subject, {}, async ({ access }) => {
    const { key, policyText, grants } = access
    if (grants === undefined)
      note(terminal, "The key's grants can't be listed by you.")
    else if (grants.length > 0)
      note(
        terminal,
        `On top come ${grants.length} grants: keyward access check tells them.`,
      )
    const found = whoCan(policyText, key)
    return {
      data: { key: key.arn, access: found.rows, unread: found.unread },
      text: whoCanText(found),
    }
  })
}
