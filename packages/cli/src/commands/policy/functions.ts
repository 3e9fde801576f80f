import { pluralize } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { dryRun } from '../../program/inputs.js'
import { abi, policy } from './policyInputs.js'

export const functionsCommand = define('functions', {
  description: 'add the functions of ABI files to a policy',
  takes: { policy, abi, dryRun },
  help: `A deployed policy must declare every function that its rules name. This command
adds the missing functions from the ABI files to "functions", except those that
only read. Nothing else in the file changes except white space.`,
  examples: [
    'keyward policy functions desk.json --abi out/Router.json',
    'keyward policy functions desk.json --abi a.json --abi b.json --dry-run',
  ],
  async run(terminal, options) {
    const { writeFunctions } = await import('@keyward/toolkit/policy')
    const data = await writeFunctions(terminal, options)
    const { file, added, dryRun } = data
    if (added.length === 0)
      return {
        data,
        text: `Nothing was changed: ${file} already has all functions of the ABI files, except those that only read.`,
      }
    const count = pluralize(added.length, 'function')
    const head = dryRun
      ? `Would add ${count} to ${file}:`
      : `Added ${count} to ${file}:`
    return { data, text: [head, ...added.map((one) => `  ${one}`)].join('\n') }
  },
})
