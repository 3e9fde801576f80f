import type { Setup } from '../../program/Setup.js'
import { addressCommand } from './address.js'
import { cancelDeletionCommand } from './cancel-deletion.js'
import { createCommand } from './create.js'
import { deleteMaterialCommand } from './delete-material.js'
import { destroyCommand } from './destroy.js'
import { drillCommand } from './drill.js'
import { exportCommand } from './export.js'
import { generateCommand } from './generate.js'
import { importCommand } from './import.js'
import { listCommand } from './list.js'
import { moveCommand } from './move.js'
import { recipientCommand } from './recipient.js'
import { reimportCommand } from './reimport.js'
import { restoreCommand } from './restore.js'
import { scheduleDeletionCommand } from './schedule-deletion.js'
import { showCommand } from './show.js'
import { verifyCommand } from './verify.js'

/** The commands are in the order in which the help lists them. */
export const keyCommands = (setup: Setup) => [
  generateCommand(setup),
  createCommand(setup),
  listCommand(setup),
  showCommand(setup),
  addressCommand(setup),
  importCommand(setup),
  reimportCommand(setup),
  verifyCommand(setup),
  drillCommand(setup),
  moveCommand(setup),
  exportCommand(setup),
  recipientCommand(setup),
  restoreCommand(setup),
  destroyCommand(setup),
  deleteMaterialCommand(setup),
  scheduleDeletionCommand(setup),
  cancelDeletionCommand(setup),
]
