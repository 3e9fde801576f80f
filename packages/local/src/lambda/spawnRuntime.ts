import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * The runtime client, which is the main module of a process. It isn't part of
 * our module graph.
 */
export const bootstrapPath = createRequire(import.meta.url).resolve(
  '@keyward/local/runtime/bootstrap.mjs',
)

// The heap limit, as a share of the memory size. The rest is for code and
// buffers.
const heapShare = 0.9

const [nodeMajor = 20] = process.versions.node.split('.').map(Number)

/**
 * Node's permission model: the function can read its code and the runtime, and
 * write its scratch folder. It can't reach the user's files, above all
 * `~/.aws`, even by absolute path. In AWS, Lambda's microVM provides this
 * isolation.
 */
function toPermissionFlags(taskRoot: string, scratch: string): string[] {
  return [
    nodeMajor >= 24 ? '--permission' : '--experimental-permission',
    ...(nodeMajor >= 25 ? ['--allow-net'] : []),
    '--disable-warning=ExperimentalWarning',
    `--allow-fs-read=${realpathSync(bootstrapPath)}`,
    `--allow-fs-read=${taskRoot}/*`,
    `--allow-fs-read=${scratch}/*`,
    `--allow-fs-write=${scratch}/*`,
  ]
}

/** Starts the process of an execution environment with exactly this `env`. */
export function spawnRuntime(parameters: {
  env: Record<string, string>
  memorySizeMb: number
  taskRoot: string
  scratch: string
}): ChildProcess {
  const { env, memorySizeMb, taskRoot, scratch } = parameters
  const heapMb = Math.floor(memorySizeMb * heapShare)
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMb}`,
      ...toPermissionFlags(taskRoot, scratch),
      realpathSync(bootstrapPath),
    ],
    {
      env,
      cwd: taskRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The process has its own process group, so that Ctrl-C in a terminal
      // reaches only us, and a kill also reaches the function's children.
      detached: true,
    },
  )
}
