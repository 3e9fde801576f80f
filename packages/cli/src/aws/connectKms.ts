import type { KMSClient } from '@aws-sdk/client-kms'
import type { Terminal } from '../Terminal.js'
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
export async function connectKms(
  terminal: Terminal,
  keyId?: string,
): Promise<Connection> {
  const { kms, target, close } = await connectAws(
    terminal,
    keyId === undefined ? {} : { keyId },
  )
  return { client: kms, target, close }
}
