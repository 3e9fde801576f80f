import type { Setup } from '../../program/Setup.js'
import { adoptCommand } from './adopt.js'
import { approveCommand } from './approve.js'
import { approveMessageCommand } from './approveMessage.js'
import { createCommand } from './create.js'
import { executeCommand } from './execute.js'
import { exportCommand } from './export.js'
import { importCommand } from './import.js'
import { proposeCommand } from './propose.js'
import { rejectCommand } from './reject.js'
import { statusCommand } from './status.js'

/** The commands are in the order in which the help lists them. */
export const safeCommands = (setup: Setup) => [
  createCommand(setup),
  adoptCommand(setup),
  proposeCommand(setup),
  approveCommand(setup),
  approveMessageCommand(setup),
  rejectCommand(setup),
  executeCommand(setup),
  statusCommand(setup),
  exportCommand(setup),
  importCommand(setup),
]
