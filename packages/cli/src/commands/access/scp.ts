import { define } from '../../program/define.js'
import { list, text } from '../../program/Input.js'
import { parseQualifier, parseRole, parseTable } from '../../program/parsers.js'

export const scpCommand = define('scp', {
  description: 'print the service control policy for an organisation',
  takes: {
    restoreRole: text(
      '--restore-role <arn>',
      'restores and protects ledgers',
      parseRole,
    ),
    ledgerWriters: list(
      '--ledger-writer <arn>',
      'also writes a ledger',
      parseRole,
    ),
    tables: list(
      '--table <name>',
      "a ledger's table that no stack made",
      parseTable,
    ),
    bootstrapQualifiers: list(
      '--bootstrap-qualifier <name>',
      'deploys, as at cdk bootstrap --qualifier; by default hnb659fds',
      parseQualifier,
    ),
  },
  help: `It keeps everybody except the CDK's CloudFormation role away from the functions,
their roles and the ledgers. Attach it to the account in AWS Organizations. Calls nothing.`,
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
