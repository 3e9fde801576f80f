import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import * as Branches from './Branches.js'
import { add, createCoverage } from './coverage.js'
import type { Tally } from './runMany.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** A place in the sender's source, and what stands there instead. */
export type Edit = { file: string; find: string; replace: string }

/**
 * Runs schedules in processes of their own, one per core.
 *
 * @param parameters.edit - Built into the code under test, for a mutant.
 * @param parameters.branches - Hears which branches the schedules took.
 */
export async function runWorkers(parameters: {
  from: number
  howMany: number
  workers: number
  stopAtFirst?: boolean
  edit?: Edit
  branches?: ((branches: Branches.Branch[]) => void) | undefined
}): Promise<Tally> {
  const { from, howMany, workers, stopAtFirst, edit, branches } = parameters
  const { program, remove } = await bundle(edit)
  const folder = join(dirname(program), 'branches')
  const env =
    branches === undefined
      ? process.env
      : { ...process.env, NODE_V8_COVERAGE: folder }
  try {
    const share = Math.ceil(howMany / workers)
    const parts = await Promise.all(
      Array.from({ length: workers }, async (_, index) => {
        const start = from + index * share
        const size = Math.min(share, from + howMany - start)
        const seeds = [start, size, process.pid].map(String)
        const { stdout } = await run(
          process.execPath,
          [program, ...seeds, stopAtFirst ? 'first' : ''],
          { maxBuffer: 2 ** 28, env },
        )
        return JSON.parse(stdout) as Tally
      }),
    )
    branches?.(Branches.read(program, folder))
    return parts.reduce(sum)
  } finally {
    await remove()
  }
}

/** What one seed does, in a process of its own. */
export async function trace(
  program: string,
  seed: number,
): Promise<{ lines: number; hash: string }> {
  const { stdout } = await run(process.execPath, [
    program,
    String(seed),
    'trace',
  ])
  return JSON.parse(stdout)
}

function sum(a: Tally, b: Tally): Tally {
  const coverage = createCoverage()
  add(coverage, a.coverage)
  add(coverage, b.coverage)
  return {
    coverage,
    violations: [...a.violations, ...b.violations],
    ms: Math.max(a.ms, b.ms),
    cpuMs: a.cpuMs + b.cpuMs,
    events: a.events + b.events,
    virtualMs: a.virtualMs + b.virtualMs,
    mined: a.mined + b.mined,
    signatures: a.signatures + b.signatures,
  }
}

/** The program of `worker.ts`, in a folder of its own. */
export async function bundle(
  edit?: Edit,
): Promise<{ program: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'))
  const program = join(folder, 'worker.mjs')
  await build({
    entryPoints: [join(root, 'test/simulator/worker.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@keyward/source'],
    logLevel: 'error',
    plugins:
      edit === undefined ? [] : [{ name: 'mutant', setup: mutate(edit) }],
  })
  return {
    program,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

const mutate =
  ({ file, find, replace }: Edit) =>
  (building: Parameters<import('esbuild').Plugin['setup']>[0]) => {
    const path = join(root, file)
    building.onLoad({ filter: /\.ts$/ }, (given) => {
      if (given.path !== path) return undefined
      const source = readFileSync(path, 'utf8')
      if (source.split(find).length !== 2)
        throw new Error(`${file} has not exactly one ${JSON.stringify(find)}`)
      const contents = source.replace(find, () => replace)
      return { contents, loader: 'ts' as const }
    })
  }
