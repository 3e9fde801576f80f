import { Command } from 'commander'

/** What the commands at the end of a key's life share. */
export function createKeyCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('[key]', 'key id, key ARN or alias (else AWS_KMS_KEY_ID)')
    .option('--key <key>', 'the key, as in other commands')
    .option('--json', 'print one line of JSON')
}
