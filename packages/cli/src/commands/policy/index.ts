import type { Setup } from '../../program/Setup.js'
import { checkCommand } from './check.js'
import { explainCommand } from './explain.js'
import { functionsCommand } from './functions.js'
import { initCommand } from './init.js'
import { lintCommand } from './lint.js'
import { testCommand } from './test.js'

/** The commands are in the order in which the help lists them. */
export const policyCommands = (setup: Setup) => [
  initCommand(setup),
  lintCommand(setup),
  explainCommand(setup),
  checkCommand(setup),
  testCommand(setup),
  functionsCommand(setup),
]
