import type { Setup } from '../../program/Setup.js'
import { protectCommand } from './protect.js'

/** In the order that the help shows. */
export const ledgerCommands = (setup: Setup) => [protectCommand(setup)]
