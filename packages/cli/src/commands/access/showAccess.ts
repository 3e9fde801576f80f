import { type WhoCan, whoCan, whoCanText } from '@keyward/iam/review'
import { note, pluralize } from '@keyward/toolkit'
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
      note(terminal, "You may not list the key's grants.")
    else if (grants.length > 0)
      note(
        terminal,
        `${pluralize(grants.length, 'grant')} give more: keyward access check lists them.`,
      )
    const found = whoCan(policyText, key)
    return {
      data: { key: key.arn, access: found.rows, unread: found.unread },
      text: whoCanText(found),
    }
  })
}
