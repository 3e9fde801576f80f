import type { KMSClient } from '@aws-sdk/client-kms'
import type { Target } from '../aws/Target.js'

/** The context that the steps of an import share. */
export type Ceremony = {
  client: KMSClient
  target: Target
  /** Prints a line for the person who is waiting. */
  say(text: string): void
}
