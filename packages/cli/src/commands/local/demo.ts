import { define } from '../../program/define.js'
import { choice, defaulting, toggle } from '../../program/Input.js'

export const demoCommand = define('demo', {
  description: 'sign and mine two transactions in a temporary local home',
  takes: {
    stay: toggle('--stay', 'keep everything running until Ctrl-C'),
    service: defaulting(
      choice(
        '--service <service>',
        'where the key is: the KMS of the home, or a token of SoftHSM2',
        ['kms', 'pkcs11'],
      ),
      'kms',
    ),
  },
  json: 'print one line of JSON as the last line',
  help: 'Needs no AWS account, and leaves nothing behind.',
  examples: [
    'keyward demo',
    'keyward demo --stay',
    'keyward demo --json',
    'keyward demo --service pkcs11',
  ],
  async run(terminal, options) {
    const { runDemo } = await import('./runDemo.js')
    await runDemo(terminal, options)
    return undefined
  },
})
