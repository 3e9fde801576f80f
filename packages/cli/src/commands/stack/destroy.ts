import { define } from '../../program/define.js'
import { defaulting, list, number, text, toggle } from '../../program/Input.js'
import { dryRun, stack, urls, verbose, yes } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'

export const destroyCommand = define('destroy', {
  description: 'delete a stack and its key, after checking for funds',
  takes: {
    stack,
    urls,
    tokens: list(
      '--token <address>',
      'another token to check; can be repeated',
      parseAddress,
    ),
    alsoNetworks: list(
      '--also-network <name=url>',
      'check this chain too; can be repeated',
      async (typed) =>
        (await import('@keyward/toolkit/destroy')).parseAlsoNetwork(typed),
    ),
    evenWithFunds: toggle(
      '--even-with-funds',
      "delete the key even if its account isn't empty",
    ),
    withoutBalanceCheck: toggle(
      '--without-balance-check',
      "don't check whether the account is empty",
    ),
    breakGlassProfile: text(
      '--break-glass-profile <profile>',
      'the AWS profile of the role that may delete the key',
      async (profile, name) => {
        const { assertProfile } = await import('@keyward/toolkit/aws')
        await assertProfile(profile, name)
        return profile
      },
    ),
    deleteImportedMaterial: toggle(
      '--delete-imported-material',
      'delete imported key material immediately',
    ),
    windowDays: defaulting(
      number('--window-days <n>', 'days until KMS deletes the key', {
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
  help: `The break-glass role disables the key and schedules its deletion. Without that
role's profile, everything else is done, and the exit code is 3. Until KMS
deletes the key, you can cancel the deletion with keyward key cancel-deletion.
It is safe to repeat the command.

Needs the permissions of cdk destroy (CDK's roles) and logs:DeleteLogGroup; the
break-glass role needs kms:DescribeKey, DisableKey, ScheduleKeyDeletion.`,
  examples: [
    'keyward destroy --dry-run',
    'keyward destroy --break-glass-profile break-glass',
    'keyward destroy --stack treasury --rpc-url https://rpc.example.org \\\n      --also-network polygon=https://polygon.example.org --token 0x…',
  ],
  run: async (terminal, options) =>
    (await import('./destroyStack.js')).destroyStack(terminal, options),
})
