import type { Subject } from '@keyward/toolkit/access'
import { Option } from 'commander'
import type { Input, Values } from '../../program/Input.js'
import { key, stack } from '../../program/inputs.js'
import { keyOf } from '../../program/parsers.js'
import { roleInputs, toGivenRoles } from '../../program/roleInputs.js'
import type { Terminal } from '../../terminal/Terminal.js'

export const rolesHelp = `The role flags take ARNs of IAM roles and users. Roles that you don't pass are
taken from the policy itself and shown as assumed.`

const stackOfKey: Input<string | undefined> = {
  declared: new Option(
    '--stack <name>',
    "use this stack's key; the stack's functions count as users",
  ).conflicts('key'),
  read: stack.read,
}

/** The inputs that the commands for a key share. */
export const subjectInputs = {
  key,
  stack: stackOfKey,
}

export const accessInputs = { ...subjectInputs, ...roleInputs }

export function subjectOf(
  terminal: Terminal,
  { key, stack }: Values<typeof subjectInputs>,
): Subject {
  return stack === undefined ? { keyId: keyOf(terminal, key) } : { stack }
}

/** Reads the key and its intended roles. */
export async function readAccess(
  terminal: Terminal,
  options: Values<typeof accessInputs>,
) {
  return {
    subject: subjectOf(terminal, options),
    given: await toGivenRoles(options),
  }
}
