import { shellWord } from '../../shellQuote.js'

/** A command, printed so that it can be copied and run, and its purpose. */
export type NextStep = { why: string; command: string }

/**
 * What to do after the demo. The first command keeps running, and the others
 * belong in a second terminal in the same folder. A test runs each command
 * exactly as printed.
 */
export const nextSteps: readonly NextStep[] = [
  {
    why: 'To run a local home with its keys and chain in ./.keyward:',
    command: 'npx --no-install keyward local',
  },
  {
    why: 'In a second terminal, in the same folder, set the endpoints and credentials:',
    command: 'eval "$(npx --no-install keyward env)"',
  },
  {
    why: 'To send a payment exactly once, even if you run this command again:',
    command:
      'npx --no-install keyward send --idempotency-key order-1 \\\n    --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --amount 0.1',
  },
  {
    why: 'To see the key with the AWS CLI:',
    command:
      'aws --endpoint-url "$AWS_ENDPOINT_URL" kms describe-key --key-id "$AWS_KMS_KEY_ID"',
  },
  {
    why: 'To have Foundry derive the address from the same KMS key (run npm ci first):',
    command: 'npx --no-install cast wallet address --aws',
  },
  {
    why: 'To sign with the key:',
    command: 'printf %s hello | npx --no-install keyward sign message --in -',
  },
]

/** The steps as the demo prints them. */
export function nextStepsText(): string {
  return [
    'Next steps:',
    ...nextSteps.flatMap(({ why, command }) => ['', why, `  ${command}`]),
  ].join('\n')
}

/** What `--stay` prints while it waits. */
export function stayText(dataDir: string): string {
  return [
    'Everything keeps running until you press Ctrl-C. In a second terminal, in the checkout:',
    `  eval "$(npx --no-install keyward env --data-dir ${shellWord(dataDir)})"`,
    ...nextSteps.slice(2).map(({ command }) => `  ${command}`),
  ].join('\n')
}
