import type { Option } from 'commander'
import { numberOption } from './numberOption.js'

/** Where a password comes from when nobody is asked for it. */
export function passwordFdOption(): Option {
  return numberOption(
    '--password-fd <n>',
    'read the password from this file descriptor, its first line',
    { min: 0, max: 2 ** 20, integer: true },
  )
}
