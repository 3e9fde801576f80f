import { note } from '@keyward/toolkit'
import { CommanderError } from 'commander'
import type { Terminal } from '../terminal/Terminal.js'

/** Ends the command as commander ends one that is used wrongly: exit code 2. */
export function usageError(terminal: Terminal, message: string): never {
  note(terminal, `error: ${message}`)
  throw new CommanderError(2, 'keyward.usage', message)
}
