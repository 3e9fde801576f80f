import type { Option } from 'commander'
import { numberOption } from './numberOption.js'

/** Where a password comes from when nobody is asked for it. */
export function passwordFdOption(
  flags = '--password-fd <n>',
  description = 'read the password from this file descriptor, its first line',
): Option {
  return numberOption(flags, description, {
    min: 0,
    max: 2 ** 20,
    integer: true,
  })
}
