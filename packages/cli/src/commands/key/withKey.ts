import type { KeyMetadata } from '@aws-sdk/client-kms'
import { type AwsConnection, withAws } from '@keyward/toolkit/aws'
import { describe, knownAddress } from '@keyward/toolkit/import'
import type { Terminal } from '../../terminal/Terminal.js'

/** A key that a command is about to change. */
export type KeyToChange = Pick<AwsConnection, 'kms' | 'target'> & {
  arn: string
  metadata: KeyMetadata
  /** Undefined when it can't be told. */
  address: string | undefined
  /** `<arn>, account 0x…`. */
  named: string
}

/** Opens a key, and tells which account's it is before anything is changed. */
export function withKey<answer>(
  terminal: Terminal,
  keyId: string,
  run: (key: KeyToChange) => Promise<answer>,
): Promise<answer> {
  return withAws(terminal, { keyId }, async ({ kms, target }) => {
    const metadata = await describe(kms, keyId)
    const address = await knownAddress(kms, metadata)
    const arn = metadata.Arn ?? keyId
    const named = `${arn}, account ${address ?? 'unknown'}`
    return run({ kms, target, arn, metadata, address, named })
  })
}
