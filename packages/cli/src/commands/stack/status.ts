import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'
import { stack, urls } from '../../program/inputs.js'

export const statusCommand = define('status', {
  description: 'show a stack: key, address, pin, functions, funds',
  takes: {
    stack,
    urls,
    access: toggle('--access', 'also show who can do what with the key'),
  },
  help: `If you have no permission for a part, the output says so.
Calls cloudformation:DescribeStacks, cloudformation:ListStackResources,
cloudformation:GetTemplate, lambda:GetFunctionConfiguration,
lambda:GetFunctionConcurrency, kms:DescribeKey, kms:GetPublicKey, and
lambda:InvokeFunction on aliases named status; with --access, also
kms:GetKeyPolicy.`,
  examples: [
    'keyward status',
    'keyward status --access',
    'keyward status --stack treasury --rpc-url https://rpc.example.org',
    'keyward status --json',
  ],
  async run(terminal, options) {
    const { showStack, shownText } = await import('@keyward/toolkit/status')
    const shown = await showStack(terminal, options)
    return { data: shown.data, text: shownText(shown, terminal.stdout) }
  },
})
