import type { Setup } from '../../program/Setup.js'
import { authorizationCommand } from './authorization.js'
import { messageCommand } from './message.js'
import { txCommand } from './tx.js'
import { typedDataCommand } from './typed-data.js'

/** The commands are in the order in which the help lists them. */
export const signCommands = (setup: Setup) => [
  txCommand(setup),
  messageCommand(setup),
  typedDataCommand(setup),
  authorizationCommand(setup),
]
