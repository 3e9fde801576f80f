import { InputError } from '@keyward/core/errors'
import { parsePolicy } from '@keyward/guard'
import {
  exampleTokens,
  type TemplateToken,
  templates,
} from '@keyward/guard/authoring'
import { pluralize, reading, shellWord, writeWholeFile } from '@keyward/toolkit'
import { wellKnown } from '@keyward/toolkit/node'
import { documentText } from '../../output/policy/documentText.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import type { TemplateName } from './template.js'

export type InitOptions = {
  template: TemplateName
  out: string | undefined
  chain: number
  tokens: readonly TemplateToken[]
  payees: readonly { name: string; address: string }[]
  caller: string | undefined
  mode: 'enforce' | 'shadow'
}

/** A policy from a template, to a file or to standard output. */
export async function initPolicy(
  _terminal: Terminal,
  options: InitOptions,
): Promise<Result> {
  const { chain, out, payees, mode } = options
  const template = templates[options.template]
  const text = await reading(() => {
    const tokens =
      options.tokens.length > 0
        ? options.tokens
        : template.tokens.map((symbol) => findToken(chain, symbol))
    if (tokens.length < template.tokens.length)
      throw new InputError(
        `${options.template} needs ${pluralize(template.tokens.length, '--token')}.`,
        { details: `For example: ${template.tokens.join(' and ')}.` },
      )
    const [twice] = tokens.filter(
      ({ symbol }, at) => tokens.findIndex((one) => one.symbol === symbol) < at,
    )
    if (twice !== undefined)
      throw new InputError(`--token: ${twice.symbol} comes twice.`, {
        details: 'Each token needs a symbol of its own.',
      })
    const document = template.create({
      ...{ chain, tokens, payees, mode },
      caller: options.caller ?? options.template,
    })
    const written = documentText(document)
    // What it writes is a policy, whatever came.
    parsePolicy(written)
    return written
  })
  const data: unknown = JSON.parse(text)
  if (out === undefined) return { data, text }
  await writeWholeFile(out, `${text}\n`, { mode: 0o644, replace: false })
  const file = shellWord(out)
  return {
    data: { file: out, template: options.template, mode },
    text: [
      `Wrote ${out}: the template ${options.template}, in ${mode} mode.`,
      'Edit what it marks as EXAMPLE, and read the limits. Then:',
      `  keyward policy lint ${file}`,
      `  keyward policy explain ${file}`,
    ].join('\n'),
  }
}

/** A well-known token of the chain, or an example that `lint` finds. */
function findToken(chain: number, symbol: string): TemplateToken {
  const found = wellKnown(chain).find((one) => one.symbol === symbol)
  return (
    found ?? {
      symbol,
      address: exampleTokens[symbol] ?? '',
      decimals: symbol === 'USDC' ? 6 : 18,
    }
  )
}
