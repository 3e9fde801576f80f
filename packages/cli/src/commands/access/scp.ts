import { define } from '../../program/define.js'
import { list, text } from '../../program/Input.js'
import { parseQualifier, parseRole, parseTable } from '../../program/parsers.js'

export const scpCommand = define('scp', {
  description: 'print the service control policy for an organization',
  takes: {
    restoreRole: text(
      '--restore-role <arn>',
      'the role that restores and protects ledgers',
      parseRole,
    ),
    ledgerWriters: list(
      '--ledger-writer <arn>',
      'another role that writes to a ledger',
      parseRole,
    ),
    tables: list(
      '--table <name>',
      'a ledger table that does not belong to a stack',
      parseTable,
    ),
    bootstrapQualifiers: list(
      '--bootstrap-qualifier <name>',
      "the CDK bootstrap's qualifier (default: hnb659fds)",
      parseQualifier,
    ),
  },
  help: `The policy lets only CDK's CloudFormation role change the functions, their roles
and the ledgers. Attach it to the account in AWS Organizations. Makes no
requests.`,
  examples: [
    'keyward access scp > scp.json',
    'keyward access scp --restore-role arn:aws:iam::123456789012:role/restore',
    'keyward access scp --bootstrap-qualifier team1',
  ],
  async run(_, options) {
    const { accessScp } = await import('@keyward/toolkit/access')
    return { ...accessScp(options), isVerbatim: true }
  },
})
