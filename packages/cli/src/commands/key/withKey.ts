import type { KeyMetadata } from '@aws-sdk/client-kms'
import { AwsCallError, type Connection, connectKms } from '@keyward/toolkit/aws'
import { describe } from '@keyward/toolkit/import'
import type { Terminal } from '../../terminal/Terminal.js'
import { knownAddress } from './knownAddress.js'

/** A key that a command is about to change. */
export type KeyToChange = Connection & {
  arn: string
  metadata: KeyMetadata
  /** Undefined when it can't be told. */
  address: string | undefined
  /** `<arn>, account 0x…`. */
  named: string
}

/** Opens a key, and tells which account's it is before anything is changed. */
export async function withKey<answer>(
  terminal: Terminal,
  keyId: string,
  run: (key: KeyToChange) => Promise<answer>,
): Promise<answer> {
  const connection = await connectKms(terminal, keyId)
  try {
    const metadata = await describe(connection.client, keyId)
    const address = await knownAddress(connection.client, metadata)
    const arn = metadata.Arn ?? keyId
    const named = `${arn}, account ${address ?? 'unknown'}`
    return await run({ ...connection, arn, metadata, address, named })
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    connection.close()
  }
}
