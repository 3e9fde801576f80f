import { type CaseResult, readCases, runCase } from '@keyward/guard/authoring'
import type { Io } from '../Io.js'
import { readJson } from '../readInput.js'
import { reading } from '../reading.js'
import { type PolicyFiles, readPolicy } from './readPolicy.js'

/** Checks whether a policy decides cases as expected. */
export async function testPolicy(
  io: Io,
  options: PolicyFiles & { cases: string },
): Promise<CaseResult[]> {
  const { policy } = await readPolicy(io, options)
  const cases = await reading(async () =>
    readCases(await readJson(io, options.cases, '<cases>')),
  )
  return cases.map((one) => runCase(policy, one, Date.now()))
}
