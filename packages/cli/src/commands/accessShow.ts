import { readKeyAccess } from '../access/readKeyAccess.js'
import { type WhoMay, whoMay, whoMayText } from '../access/whoMay.js'
import { AwsCallError } from '../aws/AwsCallError.js'
import { connectKms } from '../aws/connectKms.js'
import type { Result } from '../output.js'
import { note, type Terminal } from '../Terminal.js'

/** Who may do what with a key. */
export async function showAccess(
  terminal: Terminal,
  keyId: string,
): Promise<Result<{ key: string; access: WhoMay[]; unread: string[] }>> {
  const { client, close } = await connectKms(terminal, keyId)
  try {
    const { key, policyText, grants } = await readKeyAccess(client, keyId)
    if (grants === undefined)
      note(terminal, "The key's grants can't be listed by you.")
    else if (grants.length > 0)
      note(
        terminal,
        `On top come ${grants.length} grants: keyward access check tells them.`,
      )
    const found = whoMay(policyText, key)
    return {
      data: { key: key.arn, access: found.rows, unread: found.unread },
      text: whoMayText(found),
    }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
  }
}
