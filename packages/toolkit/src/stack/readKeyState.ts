import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms'
import { isMissing, type Peeked, peek } from '../aws/peek.js'

/** KMS's description of a key. */
export type KeyState = {
  keyId: string
  arn: string
  /** KMS's term, e.g. `Enabled`. */
  state: string
  /** `AWS_KMS`, or `EXTERNAL` for imported material. */
  origin: string
  /** When KMS will destroy it, if scheduled. */
  deletionDate: Date | undefined
  /** When imported material expires, if it does. */
  expires: Date | undefined
}

/** @returns Undefined if KMS has no such key. */
export async function readKeyState(
  kms: KMSClient,
  /** An id, ARN or alias. */
  key: string,
): Promise<Peeked<KeyState | undefined>> {
  const { DescribeKeyCommand } = await import('@aws-sdk/client-kms')
  return peek(async () => {
    try {
      const { KeyMetadata: metadata } = await kms.send(
        new DescribeKeyCommand({ KeyId: key }),
      )
      return metadata && toKeyState(metadata)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  })
}

function toKeyState(metadata: KeyMetadata): KeyState {
  return {
    keyId: metadata.KeyId ?? '',
    arn: metadata.Arn ?? '',
    state: metadata.KeyState ?? 'unknown',
    origin: metadata.Origin ?? 'unknown',
    deletionDate: metadata.DeletionDate,
    expires: metadata.ValidTo,
  }
}
