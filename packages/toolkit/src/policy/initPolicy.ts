import { InputError, quote } from '@keyward/core/errors'
import { parsePolicy } from '@keyward/guard'
import {
  documentText,
  exampleTokens,
  type PolicyDocument,
  type TemplateToken,
  templates,
} from '@keyward/guard/authoring'
import { wellKnown } from '../node/tokens.js'
import { reading } from '../reading.js'
import { pluralize } from '../text/pluralize.js'
import { writeWholeFile } from '../wholeFile.js'

export type InitOptions = {
  template: keyof typeof templates
  out: string | undefined
  chain: number
  tokens: readonly TemplateToken[]
  payees: readonly { name: string; address: string }[]
  callers: readonly string[]
  mode: 'enforce' | 'shadow'
}

/** Creates a policy from a template, and writes it if a file is given. */
export async function initPolicy(options: InitOptions): Promise<string> {
  const { chain, out, payees, mode } = options
  const template = templates[options.template]
  const text = await reading(() => {
    const tokens =
      options.tokens.length > 0
        ? options.tokens
        : template.tokens.map((symbol) => findToken(chain, symbol))
    if (tokens.length < template.tokens.length)
      throw new InputError(
        `The template ${quote(options.template)} needs ${pluralize(template.tokens.length, 'token')}.`,
        {
          details: `Pass --token SYMBOL=ADDRESS:DECIMALS once for each, for example for ${template.tokens.join(' and ')}.`,
        },
      )
    const again = options.callers.find(
      (one, at) => options.callers.indexOf(one) < at,
    )
    if (again !== undefined)
      throw new InputError(`--caller ${quote(again)} was given twice.`, {
        details: 'Pass each caller once.',
      })
    const [twice] = tokens.filter(
      ({ symbol }, at) => tokens.findIndex((one) => one.symbol === symbol) < at,
    )
    if (twice !== undefined)
      throw new InputError(
        `--token: the symbol ${quote(twice.symbol)} was given twice.`,
        {
          details: 'Each token needs a different symbol.',
        },
      )
    const callers =
      options.callers.length > 0 ? options.callers : [options.template]
    const document = template.create({
      ...{ chain, tokens, payees, mode, callers },
    })
    const written = documentText(
      callers.length > 1 ? withSharedNote(document) : document,
    )
    // Check the output: it must be a valid policy whatever the input was.
    parsePolicy(written)
    return written
  })
  if (out !== undefined)
    await writeWholeFile(out, `${text}\n`, { mode: 0o644, replace: false })
  return text
}

/**
 * Says why the callers share windows, which `lint` questions: if each caller
 * had its own window, their number would multiply the account's limits.
 */
function withSharedNote(document: PolicyDocument): PolicyDocument {
  const [first, ...others] = document.rules
  const note = [
    ...[first?.note ?? []].flat(),
    'The callers share the windows without "per": together, they can\'t exceed',
    'a limit, but one of them can use it up. To give each caller the whole',
    'limit, add "per": ["caller"] to the window.',
  ]
  return { ...document, rules: [{ ...first, note }, ...others] }
}

/** A well-known token of the chain, or a placeholder that `lint` reports. */
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
