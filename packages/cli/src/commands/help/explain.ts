import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'

export const explainCommand = define('explain', {
  description: 'explain an error code; without a code, list all codes',
  takes: {
    code: text(
      '[code]',
      'an error code, from the last line of an error message',
    ),
  },
  help: 'Needs neither network access nor credentials.',
  examples: ['keyward explain insufficient-funds', 'keyward explain'],
  run: async (terminal, { code }) =>
    (await import('./explainError.js')).explainError(terminal, code),
})
