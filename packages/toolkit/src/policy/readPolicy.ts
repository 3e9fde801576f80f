import { type Policy, parsePolicy } from '@keyward/guard'
import { readAbi } from '@keyward/guard/authoring'
import type { Io } from '../Io.js'
import { decodeText, readInput, readJson, sourceName } from '../readInput.js'
import { reading } from '../reading.js'

/**
 * A policy, its text, and the functions in the ABI files that were passed with
 * it.
 */
export type PolicyRead = {
  policy: Policy
  text: string
  abi: readonly string[]
}

/** Path of a policy, or - for standard input. */
export type PolicyFiles = { policy: string; abi: readonly string[] }

/**
 * Reads a policy file.
 *
 * @throws InputError, PolicySyntaxError, InvalidRequestError, all as usage
 * errors
 */
export function readPolicy(io: Io, options: PolicyFiles): Promise<PolicyRead> {
  return reading(async () => {
    const abi: string[] = []
    for (const path of options.abi) {
      const json = await readJson(io, path, '--abi')
      abi.push(...readAbi(json, sourceName(path, '--abi')))
    }
    const source = sourceName(options.policy, '<policy>')
    const bytes = await readInput(io, options.policy, '<policy>')
    const text = decodeText(bytes, source)
    return { policy: parsePolicy(text, abi), text, abi }
  })
}
