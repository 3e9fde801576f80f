import { setTimeout as sleep } from 'node:timers/promises'
import { strict } from './tools.js'

/**
 * A strict home shows each reader a snapshot that is up to 5 s old. Waits until
 * everyone reads what has been written so far; elsewhere they do at once.
 */
export const settle = (): Promise<void> =>
  strict ? sleep(5000) : Promise.resolve()
