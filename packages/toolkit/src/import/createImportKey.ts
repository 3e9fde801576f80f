import { untilSettled } from '../aws/untilSettled.js'
import type { Ceremony } from './Ceremony.js'
import { findImportKey, type ImportKey } from './findImportKey.js'
import { findOwnKey } from './findOwnKey.js'

/**
 * Creates the key for an address only once. KMS has no unique names that could
 * prevent duplicates, so if two runs create a key at the same time, both use
 * the older one.
 *
 * @param make - Creates the key, tagged with the address, with a request that
 * is sent only once; returns its ARN.
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
    // KMS may have created the key even if its answer was lost.
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
  // If KMS doesn't list our key yet, it lists no older one either.
  if (first === undefined || first.arn === arn)
    return first ?? findImportKey(quiet, arn, address)
  ceremony.say(
    `Another run created ${first.arn} earlier, and that key is used. ${arn} ` +
      `is not needed. To delete it:\n  keyward key schedule-deletion ${arn}`,
  )
  return first
}
