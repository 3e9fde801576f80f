import { spawn } from 'node:child_process'

/**
 * Stops a process when ours is gone, even after kill -9. A small shell waits
 * for the end of its input, which it reaches when our process no longer exists.
 */
export function watchParent(pid: number): { release(): Promise<void> } {
  // The shell ignores signals to our terminal's process group (Ctrl-C).
  const script = `trap '' INT TERM HUP; read -r line && exit 0; kill -TERM ${pid}`
  const shell = spawn('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true,
  })
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  const exited = new Promise<void>((resolve) => {
    shell.once('exit', () => resolve())
    shell.once('error', () => resolve())
  })
  shell.unref()
  return {
    async release() {
      shell.ref()
      shell.stdin.end('stay\n')
      await exited
    },
  }
}
