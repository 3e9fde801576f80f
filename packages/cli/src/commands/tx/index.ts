import type { Setup } from '../../program/Setup.js'
import { adoptCommand } from './adopt.js'
import { cancelCommand } from './cancel.js'
import { listCommand } from './list.js'
import { reconcileCommand } from './reconcile.js'
import { repairCommand } from './repair.js'
import { showCommand } from './show.js'
import { speedUpCommand } from './speed-up.js'
import { watchCommand } from './watch.js'

/** The commands are in the order in which the help lists them. */
export const txCommands = (setup: Setup) => [
  listCommand(setup),
  showCommand(setup),
  watchCommand(setup),
  speedUpCommand(setup),
  cancelCommand(setup),
  reconcileCommand(setup),
  repairCommand(setup),
  adoptCommand(setup),
]
