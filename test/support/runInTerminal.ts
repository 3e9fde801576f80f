import { spawn } from 'node:child_process'
import { cleanEnv, root } from './runCli.js'

/** What is typed when the terminal shows it. */
export type Answer = [prompt: RegExp, typed: string]

/**
 * Runs a program on a terminal of its own, as `script` gives it, and types the
 * answers, each once and in this order. All that was shown comes back.
 */
export function runInTerminal(
  command: readonly string[],
  answers: readonly Answer[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<{ code: number | null; shown: string }> {
  const { env = {}, cwd = root } = options
  const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const args =
    process.platform === 'linux'
      ? ['-qec', line.join(' '), '/dev/null']
      : ['-q', '/dev/null', ...command]
  return new Promise((resolve, reject) => {
    const child = spawn('script', args, { env: cleanEnv(env), cwd })
    const left = [...answers]
    let shown = ''
    let seen = 0
    const read = (chunk: Buffer) => {
      shown += chunk.toString()
      const [prompt, typed] = left[0] ?? []
      const found = prompt?.exec(shown.slice(seen))
      if (!found) return
      seen += found.index + found[0].length
      left.shift()
      child.stdin.write(`${typed}\n`)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', (code) => {
      const missing = left.map(([prompt]) => String(prompt))
      if (missing.length > 0) shown += `\nnever asked: ${missing.join(', ')}`
      resolve({ code, shown })
    })
  })
}
