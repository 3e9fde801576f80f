import { define } from '../../program/define.js'
import { number, text } from '../../program/Input.js'
import { permissions, senderInputs } from '../../program/senderInputs.js'

export const listCommand = define(
  'list',
  'list your transactions, newest first',
  {
    takes: {
      ...senderInputs,
      limit: number('--limit <n>', 'how many (default: 20)', {
        min: 1,
        max: 100,
      }),
      after: text('--after <next>', 'where the page before ended'),
      status: text('--status <status>', 'only these, such as sent or mined'),
    },
    help: permissions,
    examples: ['keyward tx list', 'keyward tx list --status sent --json'],
    run: async (terminal, options) =>
      (await import('./listTransactions.js')).listTransactions(
        terminal,
        options,
      ),
  },
)
