import type { Setup } from '../../program/Setup.js'
import { protectCommand } from './protect.js'

/** In the order in which the help lists them. */
export const ledgerCommands = (setup: Setup) => [protectCommand(setup)]
