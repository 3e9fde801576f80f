import { InputError } from '@keyward/core/errors'
import { serviceControlPolicy } from '@keyward/iam/scp'

export type ScpOptions = {
  restoreRole: string | undefined
  ledgerWriters: readonly string[]
  tables: readonly string[]
  bootstrapQualifiers: readonly string[]
}

/** The limit of AWS Organizations. Its API counts white space too. */
const maxLength = 5120

/** Creates the service control policy for an account. Makes no requests. */
export function accessScp(options: ScpOptions): { data: object; text: string } {
  const policy = serviceControlPolicy(options)
  const short = JSON.stringify(policy)
  const long = format(policy)
  const text = long.length > maxLength ? short : long
  const { length } = text
  if (length > maxLength)
    throw new InputError('The policy would be too long.', {
      details: `It would have ${length} characters, but AWS allows at most ${maxLength}. Pass fewer writers or tables.`,
    })
  return { data: policy, text }
}

/** Formats the policy with every list on its own line. */
function format(policy: object): string {
  return JSON.stringify(policy, null, 1).replace(
    /\[\s+("[^\]]*")\s+\]/g,
    (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`,
  )
}
