import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'

export const demoCommand = define(
  'demo',
  'sign and mine two transactions in a temporary local home',
  {
    takes: { stay: toggle('--stay', 'keep everything running until Ctrl-C') },
    json: 'print one line of JSON as the last line',
    help: 'Needs no AWS account, and leaves nothing behind.',
    examples: ['keyward demo', 'keyward demo --stay', 'keyward demo --json'],
    async run(terminal, options) {
      const { runDemo } = await import('./runDemo.js')
      await runDemo(terminal, options)
      return undefined
    },
  },
)
