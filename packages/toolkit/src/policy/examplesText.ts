import { lint } from '@keyward/guard/authoring'
import { pluralize } from '../text/pluralize.js'

/** What to do with a new policy: which placeholders to replace, if any. */
export function examplesText(policy: string): string {
  const paths = lint(policy, [])
    .filter(({ code }) => code.startsWith('example-'))
    .map(({ path }) => path)
  if (paths.length === 0) return 'Check the limits. Then run:'
  return [
    `Replace ${pluralize(paths.length, 'example')}:`,
    ...paths.map((path) => `  ${path}`),
    'Check the limits too. Then run:',
  ].join('\n')
}
