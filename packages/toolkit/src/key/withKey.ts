import type { KeyMetadata } from '@aws-sdk/client-kms'
import type { AwsConnection } from '../aws/connectAws.js'
import { withAws } from '../aws/withAws.js'
import type { Io } from '../Io.js'
import { describe } from '../import/describe.js'
import { knownAddress } from '../import/knownAddress.js'

/** A key that a command is about to change. */
export type KeyToChange = Pick<AwsConnection, 'kms' | 'target'> & {
  arn: string
  metadata: KeyMetadata
  /** Null if the account can't be determined. */
  address: string | null
  /** `<arn>, account 0x…`. */
  named: string
}

/** Opens a key, and reports its account before anything changes. */
export function withKey<answer>(
  io: Io,
  keyId: string,
  run: (key: KeyToChange) => Promise<answer>,
): Promise<answer> {
  return withAws(io, { keyId }, async ({ kms, target }) => {
    const metadata = await describe(kms, keyId)
    const address = (await knownAddress(kms, metadata)) ?? null
    const arn = metadata.Arn ?? keyId
    const account = address ?? 'unknown (you may not read the public key)'
    const named = `${arn}, account ${account}`
    return run({ kms, target, arn, metadata, address, named })
  })
}
