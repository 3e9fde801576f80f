import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { anvilPath } from '../../packages/local/src/chain/anvilPath.js'
import { freePort } from '../../packages/local/src/chain/freePort.js'
import { rpc } from '../../packages/local/src/chain/rpc.js'

export type Anvil = Awaited<ReturnType<typeof startAnvil>>

/** anvil's own binary, to be stopped and started as a test wants. */
export async function startAnvil(args: readonly string[] = []) {
  const port = await freePort(0, '--port')
  let child: ChildProcess | undefined
  const call = (method: string, params: unknown[] = []) =>
    rpc(port, method, params)

  async function start(more: readonly string[] = []): Promise<void> {
    child = spawn(
      anvilPath(),
      [
        '--port',
        String(port),
        '--chain-id',
        '31337',
        '--quiet',
        ...args,
        ...more,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    for (;;) {
      const answered = await call('eth_chainId').catch(() => undefined)
      if (answered === '0x7a69') return
      if (child.exitCode !== null) throw new Error('anvil did not start')
      await sleep(20)
    }
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return
    const ended = once(running, 'exit')
    running.kill(signal)
    await ended
  }

  await start()
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    call,
    start,
    stop,
    /** Waits for it. */
    async receipt(hash: string | null | undefined) {
      for (;;) {
        const receipt = await call('eth_getTransactionReceipt', [hash])
        if (receipt !== null) return receipt as Record<string, string>
        await sleep(20)
      }
    },
    async setBalance(address: string, wei: bigint) {
      await call('anvil_setBalance', [address, `0x${wei.toString(16)}`])
    },
    async balance(address: string) {
      return BigInt(String(await call('eth_getBalance', [address, 'latest'])))
    },
    async count(address: string) {
      const count = await call('eth_getTransactionCount', [address, 'latest'])
      return Number(count)
    },
  }
}
