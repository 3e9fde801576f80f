import { define } from '../../program/define.js'
import { defaulting, list, number, text, toggle } from '../../program/Input.js'
import { dryRun, stack, urls, verbose, yes } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'

export const destroyCommand = define('destroy', {
  description: 'remove a stack and its key, after checking for funds',
  takes: {
    stack,
    urls,
    tokens: list(
      '--token <address>',
      'ask for this token too; may be repeated',
      parseAddress,
    ),
    alsoNetworks: list(
      '--also-network <name=url>',
      'ask this chain too',
      async (typed) =>
        (await import('@keyward/toolkit/destroy')).parseAlsoNetwork(typed),
    ),
    evenWithFunds: toggle(
      '--even-with-funds',
      'continue although the account is not empty',
    ),
    withoutBalanceCheck: toggle(
      '--without-balance-check',
      'continue without asking any chain',
    ),
    breakGlassProfile: text(
      '--break-glass-profile <profile>',
      'AWS profile of the role that may delete the key',
      async (profile, name) => {
        const { assertProfile } = await import('@keyward/toolkit/aws')
        await assertProfile(profile, name)
        return profile
      },
    ),
    deleteImportedMaterial: toggle(
      '--delete-imported-material',
      'delete imported key material at once',
    ),
    windowDays: defaulting(
      number('--window-days <n>', 'days until KMS destroys the key', {
        min: 7,
        max: 30,
      }),
      30,
    ),
    keepLogs: toggle('--keep-logs', "keep the functions' log groups"),
    verbose,
    dryRun,
    yes,
  },
  help: `The key is disabled and scheduled for deletion as the break-glass role; without
its profile everything else is done, and the exit code is 3. Until KMS destroys
the key, keyward key cancel-deletion undoes that. Repeating it is harmless.

Needs what cdk destroy needs (the CDK's roles), logs:DeleteLogGroup; as the
break-glass role kms:DescribeKey, DisableKey, ScheduleKeyDeletion.`,
  examples: [
    'keyward destroy --dry-run',
    'keyward destroy --break-glass-profile break-glass',
    'keyward destroy --stack treasury --rpc-url https://rpc.example.org \\\n      --also-network polygon=https://polygon.example.org --token 0x…',
  ],
  run: async (terminal, options) =>
    (await import('./destroyStack.js')).destroyStack(terminal, options),
})
