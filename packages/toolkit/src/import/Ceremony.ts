import type { KMSClient } from '@aws-sdk/client-kms'
import type { Target } from '../aws/Target.js'

/** Shared by the steps of an import. */
export type Ceremony = {
  client: KMSClient
  target: Target
  /** Prints a line for the person who waits. */
  say(text: string): void
}
