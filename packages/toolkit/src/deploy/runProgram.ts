import { spawn } from 'node:child_process'

export type Ran = { code: number | null; output: string }

/**
 * The maximum amount of program output to keep. If there is more, its beginning
 * is dropped.
 */
const maxBytes = 1024 * 1024

/**
 * Runs a Node script to completion, without a shell, and captures both output
 * streams.
 */
export function runProgram(
  script: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-maxBytes)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
