import { InputError } from '@keyward/core/errors'
import { serviceControlPolicy } from '@keyward/iam/scp'

export type ScpOptions = {
  restoreRole: string | undefined
  ledgerWriters: readonly string[]
  tables: readonly string[]
  bootstrapQualifiers: readonly string[]
}

/** What AWS Organizations takes; by its API white space counts. */
const maxLength = 5120

/** The service control policy, adapted to an account. Calls nothing. */
export function accessScp(options: ScpOptions): { data: object; text: string } {
  const policy = serviceControlPolicy(options)
  const short = JSON.stringify(policy)
  const long = format(policy)
  const text = long.length > maxLength ? short : long
  const { length } = text
  if (length > maxLength)
    throw new InputError('The policy would be too long.', {
      details: `It would have ${length} characters, but AWS allows ${maxLength}. Name fewer writers and tables.`,
    })
  return { data: policy, text }
}

/** Every list on a line of its own. */
function format(policy: object): string {
  return JSON.stringify(policy, null, 1).replace(
    /\[\s+("[^\]]*")\s+\]/g,
    (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`,
  )
}
