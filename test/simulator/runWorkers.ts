import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
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
 */
export async function runWorkers(parameters: {
  from: number
  howMany: number
  workers: number
  stopAtFirst?: boolean
  edit?: Edit
}): Promise<Tally> {
  const { from, howMany, workers, stopAtFirst, edit } = parameters
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'))
  try {
    const program = join(folder, 'worker.mjs')
    await bundle(program, edit)
    const share = Math.ceil(howMany / workers)
    const parts = await Promise.all(
      Array.from({ length: workers }, async (_, index) => {
        const start = from + index * share
        const size = Math.min(share, from + howMany - start)
        const { stdout } = await run(
          process.execPath,
          [program, String(start), String(size), stopAtFirst ? 'first' : ''],
          { maxBuffer: 2 ** 28 },
        )
        return JSON.parse(stdout) as Tally
      }),
    )
    return parts.reduce(sum)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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

async function bundle(outfile: string, edit: Edit | undefined): Promise<void> {
  await build({
    entryPoints: [join(root, 'test/simulator/worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@keyward/source'],
    logLevel: 'error',
    plugins:
      edit === undefined ? [] : [{ name: 'mutant', setup: mutate(edit) }],
  })
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
