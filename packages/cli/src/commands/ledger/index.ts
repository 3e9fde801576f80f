import type { Setup } from '../../program/Setup.js'
import { protectCommand } from './protect.js'

/** The commands are in the order in which the help lists them. */
export const ledgerCommands = (setup: Setup) => [protectCommand(setup)]
