import type { Setup } from '../../program/Setup.js'
import { applyCommand } from './apply.js'
import { checkCommand } from './check.js'
import { planCommand } from './plan.js'
import { scpCommand } from './scp.js'
import { showCommand } from './show.js'

/** The commands are in the order in which the help lists them. */
export const accessCommands = (setup: Setup) => [
  showCommand(setup),
  checkCommand(setup),
  planCommand(setup),
  applyCommand(setup),
  scpCommand(setup),
]
