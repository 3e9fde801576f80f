import { type Policy, parsePolicy } from '@keyward/guard'
import { readAbi } from '@keyward/guard/authoring'
import {
  decodeText,
  parseJson,
  readInput,
  reading,
  sourceName,
} from '@keyward/toolkit'
import type { Terminal } from '../../terminal/Terminal.js'

/** A policy, its text, and the functions of the ABI files beside it. */
export type PolicyRead = {
  policy: Policy
  text: string
  abi: readonly string[]
}

/**
 * Reads the file of a policy.
 *
 * @throws InputError, PolicySyntaxError, InvalidRequestError: the command was
 *   used wrongly
 */
export function readPolicy(
  terminal: Terminal,
  options: { policy: string; abi: readonly string[] },
): Promise<PolicyRead> {
  return reading(async () => {
    const abi: string[] = []
    for (const path of options.abi)
      abi.push(...(await readFunctions(terminal, path)))
    const source = sourceName(options.policy, '<policy>')
    const bytes = await readInput(terminal, options.policy, '<policy>')
    const text = decodeText(bytes, source)
    return { policy: parsePolicy(text, abi), text, abi }
  })
}

async function readFunctions(
  terminal: Terminal,
  path: string,
): Promise<readonly string[]> {
  const bytes = await readInput(terminal, path, '--abi')
  const source = sourceName(path, '--abi')
  return readAbi(parseJson(bytes, source), source)
}
