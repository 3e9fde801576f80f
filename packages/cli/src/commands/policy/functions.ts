import { pluralize } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { dryRun } from '../../program/inputs.js'
import { abi, policy } from './policyInputs.js'

export const functionsCommand = define('functions', {
  description: 'write the functions of ABI files into a policy',
  takes: { policy, abi, dryRun },
  help: `A policy that is deployed stands alone: what its rules name has to be known to
it. Adds to its "functions" those of the ABI files that it lacks; functions that
only read are left out. The rest of the file stays as it is but for white space.`,
  examples: [
    'keyward policy functions desk.json --abi out/Router.json',
    'keyward policy functions desk.json --abi a.json --abi b.json --dry-run',
  ],
  async run(terminal, options) {
    const { writeFunctions } = await import('@keyward/toolkit/policy')
    const data = await writeFunctions(terminal, options)
    const { file, added, dryRun } = data
    if (added.length === 0)
      return { data, text: `${file} has all of them: nothing was changed.` }
    const count = pluralize(added.length, 'function')
    const head = dryRun
      ? `${file} would get ${count}:`
      : `${file} has ${count} more:`
    return { data, text: [head, ...added.map((one) => `  ${one}`)].join('\n') }
  },
})
