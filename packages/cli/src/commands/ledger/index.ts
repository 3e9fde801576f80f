import type { Setup } from '../../program/Setup.js'
import { protectCommand } from './protect.js'

/** In the order of the help. */
export const ledgerCommands = (setup: Setup) => [protectCommand(setup)]
