import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { toolPath } from '../support/tools.js'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('.', import.meta.url))

/** What a slice stands for is in the head of its file. */
export type Slice =
  | 'three-workers'
  | 'two-reconcilers'
  | 'two-requests'
  | 'replacement'
  | 'external-use'
  | 'expired-lease'
  | 'cancelled-request'

export type Bounds = Record<string, number>

/** The small bounds are the defaults of the files. */
export const fullBounds: Record<Slice, Bounds> = {
  'three-workers': { WORKERS: 3, HINTS_APART: 1 },
  'two-reconcilers': { WORKERS: 2, CRASHES: 1 },
  'two-requests': { ROUNDS: 3, CRASHES: 2, N: 4 },
  replacement: { ROUNDS: 2, ATTEMPTS: 3 },
  'external-use': { WORKERS: 2, ROUNDS: 2, FOREIGNS: 2, HINTS_APART: 1 },
  'expired-lease': { CRASHES: 2, LAPSES: 2 },
  'cancelled-request': { WORKERS: 2, HINTS_APART: 1 },
}
export const slices = Object.keys(fullBounds) as Slice[]

export type Verdict = {
  /** The property that does not hold; undefined when all do. */
  violated: string | undefined
  states: number
}

/** Goes through every state of a slice. */
export const check = (slice: Slice, options?: CheckOptions) =>
  checkModel(join(folder, `${slice}.pml`), options)

type CheckOptions = { bounds?: Bounds; without?: string }

/**
 * Goes through every state of a model.
 *
 * @throws when it could not go through all of them, or the model is at fault
 */
export async function checkModel(
  model: string,
  { bounds = {}, without }: CheckOptions = {},
): Promise<Verdict> {
  const cwd = await mkdtemp(join(tmpdir(), 'keyward-model-'))
  try {
    const defines = Object.entries(bounds).map(([name, n]) => `-D${name}=${n}`)
    if (without !== undefined) defines.push(`-D${without}`)
    await run(toolPath('spin'), ['-a', ...defines, model], { cwd })
    // Optimising takes longer than it spares, where the bounds are small.
    const speed = Object.keys(bounds).length > 0 ? '-O2' : '-O0'
    const options = [speed, '-w', '-DSAFETY', '-DCOLLAPSE', '-DMEMLIM=12000']
    await run(toolPath('gcc'), [...options, '-o', 'pan', 'pan.c'], { cwd })
    // -E: processes that die stay where they are; the model looks itself
    // whether the last rounds came to their end.
    const { stdout } = await run(join(cwd, 'pan'), ['-E', '-m10000'], {
      cwd,
      maxBuffer: 2 ** 24,
    })
    return read(model, stdout)
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

function read(model: string, output: string): Verdict {
  const errors = /errors: (\d+)/.exec(output)?.[1]
  const states = Number(/([\d.e+]+) states, stored/.exec(output)?.[1])
  const violated = /pan:1: (assertion violated .*) \(at depth/.exec(output)?.[1]
  const isWhole = !/not completed|too small|out of memory/.test(output)
  if (violated !== undefined) return { violated, states }
  if (errors === '0' && isWhole && states > 0)
    return { violated: undefined, states }
  throw new Error(`${model} was not gone through:\n${output.slice(0, 2000)}`)
}
