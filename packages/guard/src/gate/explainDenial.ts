import { Quote } from '@keyward/core'
import type { Decision } from '../evaluate/Decision.js'

/** A batch can have a thousand actions, each with reasons of its own. */
const maxReasons = 20

/** Describes what the request does, and each condition that it fails. */
export function explainDenial({ actions, rule, reasons }: Decision): string {
  const unlisted = reasons.length - maxReasons
  const does = actions.filter((one) => one.rule === undefined)
  const about = (does.length > 0 ? does : actions).slice(0, 5)
  return [
    rule === undefined
      ? 'No rule allows this request, which would:'
      : `The rule ${Quote.value(rule)} does not allow this request, which would:`,
    ...about.map(({ path, text }) => `- ${path && `(${path}) `}${text}`),
    'Why:',
    ...reasons
      .slice(0, maxReasons)
      .map(
        ({ path, came, allowed }) =>
          `- ${path}: got ${came}; allowed: ${allowed}`,
      ),
    ...(unlisted > 0 ? [`- and ${unlisted} more`] : []),
    'Nothing was signed. Change the request, or deploy a policy that allows it (keyward deploy --stack NAME --policy FILE).',
  ].join('\n')
}
