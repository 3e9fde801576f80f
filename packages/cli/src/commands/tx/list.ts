import { Option } from 'commander'
import { define } from '../../program/define.js'
import { type Input, number, text, toggle } from '../../program/Input.js'
import { parseSince } from '../../program/parsers.js'
import { permissions, senderInputs } from '../../program/senderInputs.js'

export const listCommand = define('list', {
  description: 'list your transactions, newest first',
  takes: {
    ...senderInputs,
    limit: number(
      '--limit <n>',
      'how many transactions to list, at most 100 (default: 20)',
      {
        min: 1,
        max: 100,
      },
    ),
    after: text('--after <next>', 'continue where the previous page ended'),
    status: text(
      '--status <status>',
      'only transactions with this status: accepted, reserved, signed, sent, ' +
        'mined, replaced, dropped, expired or refused',
    ),
    since: text(
      '--since <time>',
      'only transactions from this period, such as 2h or 3d, or since a date, ' +
        'such as 2026-11-29',
      parseSince,
    ),
    csv: noJson(toggle('--csv', 'print comma-separated values')),
  },
  help: `With an endpoint (--rpc-url, RPC_URL or ETH_RPC_URL), the command looks up
pending transactions on the chain. With --since, it reads all pages unless you
pass --limit. With --status, it searches up to 1,000 transactions; the last line
of the output continues the search.
${permissions}`,
  examples: [
    'keyward tx list',
    'keyward tx list --status sent --json',
    'keyward tx list --since 30d --csv',
  ],
  async run(terminal, options) {
    const { listTransactions } = await import('@keyward/toolkit/send')
    const found = await listTransactions(terminal, options)
    const { listed, chainId } = found
    const { listCsv, listText } = await import('./listText.js')
    return {
      data: listed,
      text: options.csv
        ? listCsv(listed.transactions, chainId)
        : listText(terminal, found, options),
      isVerbatim: options.csv,
    }
  },
})

function noJson<value>(input: Input<value>): Input<value> {
  if (input.declared instanceof Option) input.declared.conflicts('json')
  return input
}
