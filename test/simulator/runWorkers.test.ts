import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { bundle } from './runWorkers.js'

test('a worker ends with its parent, however that ends', async () => {
  const built = await bundle()
  try {
    const command = '"$0" "$1" 0 1000000 $$ & echo $!; wait'
    const args = ['-c', command, process.execPath, built.program]
    const parent = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(parent.stdout, 'data')
    const worker = Number(String(line))
    expect(process.kill(worker, 0)).toBe(true)
    const [exited, closed] = [once(parent, 'exit'), once(parent, 'close')]
    parent.kill('SIGKILL')
    await exited
    // The worker has the pipe as well: it is closed when both are gone.
    await closed
  } finally {
    await built.remove()
  }
}, 60_000)
