import type { KeyMetadata } from '@aws-sdk/client-kms'
import type { AwsConnection } from '../aws/connectAws.js'
import { withAws } from '../aws/withAws.js'
import type { Io } from '../Io.js'
import { describe } from '../import/describe.js'
import { knownAddress } from '../import/knownAddress.js'

/** A key that is about to be changed. */
export type KeyToChange = Pick<AwsConnection, 'kms' | 'target'> & {
  arn: string
  metadata: KeyMetadata
  /** Null when it can't be told. */
  address: string | null
  /** `<arn>, account 0x…`. */
  named: string
}

/** Opens a key, and tells which account's it is before anything is changed. */
export function withKey<answer>(
  io: Io,
  keyId: string,
  run: (key: KeyToChange) => Promise<answer>,
): Promise<answer> {
  return withAws(io, { keyId }, async ({ kms, target }) => {
    const metadata = await describe(kms, keyId)
    const address = (await knownAddress(kms, metadata)) ?? null
    const arn = metadata.Arn ?? keyId
    const named = `${arn}, account ${address ?? 'unknown'}`
    return run({ kms, target, arn, metadata, address, named })
  })
}
