import { InputError } from '@keyward/core/errors'
import { parsePolicy } from '@keyward/guard'
import { documentText } from '@keyward/guard/authoring'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import { writeWholeFile } from '../wholeFile.js'
import { type PolicyFiles, readPolicy } from './readPolicy.js'

/** Declares in a policy the functions that its rules name. */
export async function writeFunctions(
  io: Io,
  options: PolicyFiles & { dryRun: boolean },
): Promise<{ file: string; added: string[]; dryRun: boolean }> {
  const { policy: file, dryRun } = options
  const { text, abi } = await readPolicy(io, options)
  const { added, written } = await reading(() => {
    if (options.abi.length === 0)
      throw new InputError('No ABI was given.', {
        details: 'Pass --abi FILE with a JSON ABI or a build artifact.',
      })
    if (file === '-')
      throw new InputError("The policy can't be read from standard input.", {
        details: 'The command changes the policy. Pass the path of its file.',
      })
    const { functions = [], ...document } = JSON.parse(text) as {
      functions?: string[]
    }
    const added = [...new Set(abi)].filter((one) => !functions.includes(one))
    const all = [...functions, ...added]
    const written = documentText({ ...document, functions: all })
    // Check the output: it must be a valid policy whatever the input was.
    parsePolicy(written)
    return { added, written }
  })
  if (added.length > 0 && !dryRun)
    await writeWholeFile(file, `${written}\n`, { mode: 0o644, replace: true })
  return { file, added, dryRun }
}
