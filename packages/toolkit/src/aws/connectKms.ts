import type { KMSClient } from '@aws-sdk/client-kms'
import type { Io } from '../Io.js'
import { connectAws } from './connectAws.js'
import type * as Target from './Target.js'

export type Connection = {
  client: KMSClient
  target: Target.Target
  close(): void
}

/**
 * Opens KMS alone, for the commands that need nothing else.
 *
 * @throws InsecureEndpointError, StrangeHomeError, AwsCallError
 */
export async function connectKms(io: Io, keyId?: string): Promise<Connection> {
  const { kms, target, close } = await connectAws(
    io,
    keyId === undefined ? {} : { keyId },
  )
  return { client: kms, target, close }
}
