import { shellWord } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { choice, defaulting, list, number, text } from '../../program/Input.js'
import { parseNewFile } from '../../program/parsers.js'
import { parsePayee, parsePolicyCaller, parseToken } from './parseParts.js'
import { template } from './template.js'

export const initCommand = define('init', {
  description: 'write a first policy from a template',
  takes: {
    template,
    out: text('--out <file>', 'where to write the policy', parseNewFile),
    chain: defaulting(
      number('--chain <id>', 'the chain that the policy is for', {
        min: 1,
        max: Number.MAX_SAFE_INTEGER,
      }),
      1,
    ),
    tokens: list(
      '--token <symbol=address:decimals>',
      "a token (default: the chain's well-known tokens)",
      parseToken,
    ),
    payees: list(
      '--payee <name=address>',
      'an account that the key may pay; can be repeated',
      parsePayee,
    ),
    callers: list(
      '--caller <alias>',
      "an alias that may request signatures; can be repeated (default: the template's name)",
      parsePolicyCaller,
    ),
    mode: defaulting(
      choice(
        '--mode <mode>',
        'enforce: refuse requests; shadow: only log what would be refused',
        ['shadow', 'enforce'],
      ),
      'shadow',
    ),
  },
  help: `Templates:
  payouts         pays a list of payees in tokens and in the chain's currency
  bridge-relayer  fills deposits of a bridge and finalizes withdrawals
  treasury        makes a few large payments in working hours, also for a Safe
  trading-desk    trades one pair of tokens within price limits; no withdrawals
  agent           lets a program make small purchases and sign in on its own

Values that you don't pass are examples, which keyward policy lint refuses until
you replace them (on the local chain, 31337, it only warns). The limits are
examples too: check them.`,
  examples: [
    'keyward policy init payouts --out payouts.json',
    `keyward policy init payouts --chain 11155111 --caller payouts \\
    --payee ACME=0x8ba1f109551bD432803012645Ac136ddd64DBA72 --out payouts.json`,
  ],
  async run(_, options) {
    const { examplesText, initPolicy } = await import('@keyward/toolkit/policy')
    const text = await initPolicy(options)
    const { out, template, mode } = options
    if (out === undefined)
      return { data: JSON.parse(text), text, isVerbatim: true }
    const file = shellWord(out)
    return {
      data: { file: out, template, mode },
      text: [
        `Wrote ${out} from the template ${template}, in ${mode} mode.`,
        examplesText(text),
        `  keyward policy lint ${file}`,
        `  keyward policy explain ${file}`,
      ].join('\n'),
    }
  },
})
