import { Quote } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'

/** Describes what the request does, and each condition that it fails. */
export function explainDenial({ actions, rule, reasons }: Decision): string {
  const does = actions.filter((one) => one.rule === undefined)
  const about = (does.length > 0 ? does : actions).slice(0, 5)
  return [
    rule === undefined
      ? 'No rule allows this request, which would:'
      : `The rule ${Quote.value(rule)} does not allow this request, which would:`,
    ...about.map(({ path, text }) => `- ${path && `(${path}) `}${text}`),
    'Why:',
    ...reasons
      .slice(0, 10)
      .map(
        ({ path, came, allowed }) =>
          `- ${path}: got ${came}; allowed: ${allowed}`,
      ),
    'Nothing was signed. Change the request, or deploy a policy that allows it (keyward deploy --stack NAME --policy FILE).',
  ].join('\n')
}
