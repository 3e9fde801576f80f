import { untilSettled } from '../aws/untilSettled.js'
import type { Ceremony } from './Ceremony.js'
import { findImportKey, type ImportKey } from './findImportKey.js'
import { findOwnKey } from './findOwnKey.js'

/**
 * Makes the key of an address, once. KMS knows no names that only one key can
 * have, so when another run made one at the same time, both take the older.
 *
 * @param make - Creates the key with the address as its tag, by one request
 *   that is sent once; answers its ARN.
 * @throws ImportError, and what `make` throws
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
    // The answer may be lost, and the key made all the same.
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
  // Where KMS does not list ours yet, nothing older was seen either.
  if (first === undefined || first.arn === arn)
    return first ?? findImportKey(quiet, arn, address)
  ceremony.say(
    `Another run created ${first.arn} earlier, which is used now. ${arn} is ` +
      `not needed: keyward key schedule-deletion ${arn}`,
  )
  return first
}
