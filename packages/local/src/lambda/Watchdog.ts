import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Kills the functions' processes when ours is gone, even after kill -9 and even
 * if a function is stuck in a loop and can't notice. A small shell script keeps
 * the list of processes. The end of its input means that our process no longer
 * exists.
 */
export type Watchdog = {
  watch(pid: number): void
  forget(pid: number): void
  close(): Promise<void>
}

// Each line is `+pid` or `-pid`. Each process leads its own group, so a
// function's children end with it. Signals that are meant for us (Ctrl-C) don't
// end the script early.
const script = `
trap '' INT TERM HUP
pids=' '
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) pids="$pids$pid " ;;
    -*) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -9 "-$pid" 2>/dev/null; done
exit 0
`

export function createWatchdog(): Watchdog {
  let shell: ChildProcess | undefined

  function tell(line: string) {
    if (shell === undefined) {
      shell = spawn('/bin/sh', ['-c', script], {
        stdio: ['pipe', 'ignore', 'ignore'],
        env: {},
        detached: true,
      })
      shell.stdin?.on('error', () => undefined)
      shell.on('error', () => undefined)
      shell.unref()
    }
    shell.stdin?.write(`${line}\n`)
  }

  return {
    watch: (pid) => tell(`+${pid}`),
    forget: (pid) => tell(`-${pid}`),
    async close() {
      const last = shell
      if (last === undefined || last.exitCode !== null) return
      const exited = new Promise((resolve) => last.once('exit', resolve))
      last.ref()
      last.stdin?.end()
      await exited
    },
  }
}
