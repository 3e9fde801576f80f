import { Command } from 'commander'
import { addSenderOptions } from '../../program/senderOptions.js'

/** What the commands for one transaction share. */
export function createTxCommand(name: string, description: string): Command {
  return addSenderOptions(
    new Command(name)
      .description(description)
      .argument('<transaction>', 'its id, or its idempotency key'),
  )
}
