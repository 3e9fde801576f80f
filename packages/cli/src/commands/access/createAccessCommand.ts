import type { Subject } from '@keyward/toolkit/access'
import { Command, Option } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import type { Json } from '../../program/Setup.js'
import type { Terminal } from '../../terminal/Terminal.js'

export const rolesHelp = `
The flags that name roles take ARNs of IAM roles and users. A list that is not
given is taken from the policy itself, and shown as assumed.`

export type KeyFlags = { key?: string; stack?: string } & Json

/** What the commands for one key share. */
export function createAccessCommand(
  name: string,
  description: string,
): Command {
  return new Command(name)
    .description(description)
    .option('--key <key>', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
    .addOption(
      new Option(
        '--stack <name>',
        'the key of a stack, whose functions are users',
      ).conflicts('key'),
    )
    .option('--json', 'print one line of JSON')
}

export function subjectOf(
  terminal: Terminal,
  { key, stack }: KeyFlags,
): Subject {
  return stack === undefined ? { keyId: keyOption(terminal, key) } : { stack }
}
