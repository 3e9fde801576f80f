import type { Subject } from '@keyward/toolkit/access'
import { type Command, Option } from 'commander'
import { keyOption } from './keyOption.js'
import { repeated } from './repeated.js'
import { addRoleOptions, type RoleFlags, toGivenRoles } from './roleOptions.js'
import { examples, type Setup } from './Setup.js'

type OneKeyFlags = { key?: string; stack?: string; json?: true }

const rolesHelp = `
The flags that name roles take ARNs of IAM roles and users. A list that is not
given is taken from the policy itself, and shown as assumed.`

/** Who may do what with a key, and how that is mended. */
export function addAccessCommands(program: Command, setup: Setup): void {
  const { terminal, finish } = setup
  const access = program
    .command('access')
    .description('who may do what with a key, and what is weak in that')

  define('show', 'tell who may do what with a key')
    .addHelpText(
      'after',
      `\nCalls kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants.${examples(
        'keyward access show --key alias/treasury',
        'keyward access show --key alias/treasury --json',
      )}`,
    )
    .action(async (flags: OneKeyFlags) => {
      const { showAccess } = await import('../commands/accessShow.js')
      await finish(await showAccess(terminal, subjectOf(flags)), flags)
    })

  addRoleOptions(define('check', "find what is weak in a key's policy"))
    .addHelpText(
      'after',
      `${rolesHelp}
Exits 1 when something is found. Calls kms:DescribeKey, kms:GetKeyPolicy,
kms:ListGrants; iam:GetRole, iam:GetUser if you may.${examples(
        'keyward access check --key alias/treasury',
        'keyward access check --key alias/treasury \\',
        '    --admin arn:aws:iam::123456789012:role/key-admin \\',
        '    --user arn:aws:iam::123456789012:role/signer --json',
      )}`,
    )
    .action(async (flags: OneKeyFlags & RoleFlags) => {
      const { checkAccess } = await import('../commands/accessCheck.js')
      const given = toGivenRoles(flags)
      await finish(await checkAccess(terminal, subjectOf(flags), given), flags)
    })

  addRoleOptions(define('plan', 'show the policy that would mend it'))
    .addHelpText(
      'after',
      `${rolesHelp}
Nothing is changed. The caller must go on being able to change the policy. Calls
kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants, sts:GetCallerIdentity.${examples(
        'keyward access plan --key alias/treasury',
        'keyward access plan --key alias/old \\',
        '    --admin arn:aws:iam::123456789012:role/key-admin \\',
        '    --user arn:aws:iam::123456789012:role/signer',
      )}`,
    )
    .action(async (flags: OneKeyFlags & RoleFlags) => {
      const { planAccess } = await import('../commands/accessPlan.js')
      await finish(
        await planAccess(terminal, subjectOf(flags), toGivenRoles(flags)),
        flags,
      )
    })

  addRoleOptions(define('apply', 'set the policy that mends it'))
    .option('--backup <file>', 'write the earlier policy there, a new file')
    .option('--dry-run', 'show what would be set, and set nothing')
    .option('-y, --yes', "don't ask before changing a key in AWS")
    .addHelpText(
      'after',
      `${rolesHelp}
Without --backup the earlier policy is printed. Exits 1 when something is still
found afterwards. Calls what plan calls, kms:PutKeyPolicy, and for each grant
kms:RevokeGrant.${examples(
        'keyward access apply --key alias/treasury --backup policy.json',
        'keyward access apply --key alias/treasury --yes --json',
      )}`,
    )
    .action(
      async (
        flags: OneKeyFlags &
          RoleFlags & { backup?: string; dryRun?: true; yes?: true },
      ) => {
        const { applyAccess } = await import('../commands/accessApply.js')
        const result = await applyAccess(
          terminal,
          subjectOf(flags),
          toGivenRoles(flags),
          {
            yes: flags.yes === true,
            dryRun: flags.dryRun === true,
            backup: flags.backup,
          },
        )
        await finish(result, flags)
      },
    )

  access
    .command('scp')
    .description('print the service control policy for an organisation')
    .option('--restore-role <arn>', 'restores and protects ledgers')
    .option('--ledger-writer <arn>', 'writes a ledger, too', repeated)
    .option('--table <name>', "a ledger's that no stack made", repeated)
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `\nIt keeps everybody but CDK's CloudFormation role from the functions, their roles
and the ledgers. Attach it to the account in AWS Organizations. Calls nothing.${examples(
        'keyward access scp > scp.json',
        'keyward access scp --restore-role arn:aws:iam::123456789012:role/restore',
      )}`,
    )
    .action(
      async (flags: {
        restoreRole?: string
        ledgerWriter?: string[]
        table?: string[]
        json?: true
      }) => {
        const { accessScp } = await import('../commands/accessScp.js')
        const { restoreRole, ledgerWriter = [], table = [] } = flags
        const result = accessScp({
          ...{ ledgerWriter, table },
          ...(restoreRole !== undefined && { restoreRole }),
        })
        await finish(result, flags)
      },
    )

  function define(name: string, description: string): Command {
    return access
      .command(name)
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

  function subjectOf({ key, stack }: OneKeyFlags): Subject {
    return stack === undefined ? { keyId: keyOption(terminal, key) } : { stack }
  }
}
