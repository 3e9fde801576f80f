import { untilSettled } from '../aws/untilSettled.js'
import type { Ceremony } from './Ceremony.js'
import { findImportKey, type ImportKey } from './findImportKey.js'
import { findOwnKey } from './findOwnKey.js'

/**
 * Creates an address's key only once. KMS has no unique names that could
 * prevent duplicates, so if another run creates a key at the same time, both
 * use the older one.
 *
 * @param make - Creates the key, tagged with the address, by a request that is
 * sent only once; returns its ARN.
 * @throws ImportError, and any error from `make`
 */
export async function createImportKey(
  ceremony: Ceremony,
  address: string,
  make: () => Promise<string>,
): Promise<ImportKey> {
  let arn: string
  try {
    arn = await make()
  } catch (error) {
    // The answer may be lost although the key was created.
    const made = await findOwnKey(ceremony, address)
    if (made !== undefined) return made
    throw error
  }
  ceremony.say(`Created ${arn}.`)
  const { client } = ceremony
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
  await untilSettled(() => client.send(new DescribeKeyCommand({ KeyId: arn })))
  const quiet = { ...ceremony, say() {} }
  const first = await findOwnKey(quiet, address)
  // If KMS doesn't list our key yet, no older one was listed either.
  if (first === undefined || first.arn === arn)
    return first ?? findImportKey(quiet, arn, address)
  ceremony.say(
    `Another run created ${first.arn} earlier, which is used now. ${arn} is ` +
      `not needed: keyward key schedule-deletion ${arn}`,
  )
  return first
}
