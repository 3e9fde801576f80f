import { InputError } from '@keyward/core/errors'
import { parsePolicy } from '@keyward/guard'
import { pluralize, reading, writeWholeFile } from '@keyward/toolkit'
import { documentText } from '../../output/policy/documentText.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { readPolicy } from './readPolicy.js'

/** Has a policy know by itself the functions that its rules name. */
export async function writeFunctions(
  terminal: Terminal,
  options: { policy: string; abi: readonly string[]; dryRun: boolean },
): Promise<Result> {
  const { policy: file, dryRun } = options
  const { text, abi } = await readPolicy(terminal, options)
  const { added, written } = await reading(() => {
    if (options.abi.length === 0)
      throw new InputError('No ABI is named.', {
        details: 'Give --abi FILE, with a JSON ABI or the artefact of a build.',
      })
    if (file === '-')
      throw new InputError('The policy has to be a file, to write to.')
    const { functions = [], ...document } = JSON.parse(text) as {
      functions?: string[]
    }
    const added = [...new Set(abi)].filter((one) => !functions.includes(one))
    const all = [...functions, ...added]
    const written = documentText({ ...document, functions: all })
    // What it writes is a policy, whatever came.
    parsePolicy(written)
    return { added, written }
  })
  const data = { file, added, dryRun }
  if (added.length === 0)
    return { data, text: `${file} has all of them: nothing was changed.` }
  const list = added.map((one) => `  ${one}`).join('\n')
  const count = pluralize(added.length, 'function')
  if (dryRun) return { data, text: `${file} would get ${count}:\n${list}` }
  await writeWholeFile(file, `${written}\n`, { mode: 0o644, replace: true })
  return { data, text: `${file} has ${count} more:\n${list}` }
}
