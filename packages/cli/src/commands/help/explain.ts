import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'

export const explainCommand = define('explain', {
  description: 'explain an error code; without one, list all codes',
  takes: { code: text('[code]', 'as the last line of an error names it') },
  help: 'Needs neither a network nor credentials.',
  examples: ['keyward explain insufficient-funds', 'keyward explain'],
  run: async (terminal, { code }) =>
    (await import('./explainError.js')).explainError(terminal, code),
})
