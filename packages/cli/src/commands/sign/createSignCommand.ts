import { Command } from 'commander'
import { inputOption } from '../../program/inputOption.js'
import type { Json } from '../../program/Setup.js'

export type SignFlags = { key?: string; in: string; yes?: true } & Json
export type DelegationFlags = { allowDelegation?: true; anyChain?: true }

/** What every `sign` command takes. */
export function createSignCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--key <key>', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
    .addOption(inputOption())
    .option('-y, --yes', "don't ask before signing with a key in AWS")
    .option('--json', 'print one line of JSON')
}
