import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { HomeError } from '../HomeError.js'
import { writeFileAtomicSync } from '../store/atomicFile.js'
import * as ProcessId from '../store/ProcessId.js'
import { anvilPath } from './anvilPath.js'
import * as ChainState from './ChainState.js'
import { freePort } from './freePort.js'
import { type Door, openDoor } from './openDoor.js'
import { rpc } from './rpc.js'
import { pidFileOf, stopEarlier } from './stopEarlier.js'
import { watchParent } from './watchParent.js'

export const chainId = 31337

export type Chain = {
  /** For example `http://127.0.0.1:8545`. */
  rpcUrl: string
  port: number
  pid: number
  /** Stops the chain. Its state has been written when this returns. */
  close(): Promise<void>
}

const readyMs = 30_000
const stopMs = 10_000
const flag = '--chain-port'

/**
 * Starts anvil with chain id 31337 behind a proxy on 127.0.0.1 that refuses web
 * pages, and waits until it answers. anvil stores its state in `folder` every
 * ten seconds and at the end. It ends when this process ends, for whatever
 * reason.
 *
 * @throws {HomeError} port-taken, chain-missing, chain-failed
 */
export async function startChain(parameters: {
  folder: string
  /** 0 uses any free port. */
  port: number
  /** Called if the chain ends by itself. */
  onExit?: (reason: string) => void
}): Promise<Chain> {
  const { folder, port, onExit } = parameters
  const binary = anvilPath()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await stopEarlier(folder)
  const stateFile = ChainState.prepare(folder)
  const host = hiddenHost()
  const hidden = await freePort(0, flag, host)
  // anvil leads its own process group, so that Ctrl-C reaches only us and we
  // can stop anvil cleanly.
  const child = spawn(
    binary,
    [
      ...['--host', host, '--port', String(hidden), '--no-cors'],
      ...['--chain-id', String(chainId)],
      ...['--state', stateFile, '--state-interval', '10'],
      '--quiet',
    ],
    {
      // HOME is set because anvil stores files there and must not use the
      // user's folder.
      env: { HOME: folder },
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const end = watchEnd(child)
  if (child.pid === undefined) throw failed(await end.reason)
  const watch = watchParent(child.pid)
  const pidFile = pidFileOf(folder)
  writeFileAtomicSync(pidFile, JSON.stringify(ProcessId.of(child.pid)))
  let closing = false
  void end.reason.then((reason) => {
    if (!closing) onExit?.(reason)
  })
  let door: Door | undefined
  const close = async () => {
    closing = true
    await door?.close()
    if (!end.ended()) child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await end.reason
    clearTimeout(timer)
    await watch.release()
    rmSync(pidFile, { force: true })
  }
  try {
    await untilReady({ host, port: hidden }, end.ended)
    door = await openDoor(port, { host, port: hidden }, flag)
  } catch (error) {
    const reason = end.ended() ? await end.reason : undefined
    await close()
    if (error instanceof HomeError) throw error
    throw failed(reason ?? (error as Error).message)
  }
  return {
    rpcUrl: `http://127.0.0.1:${door.port}`,
    port: door.port,
    pid: child.pid,
    close,
  }
}

/**
 * An address at which web pages can't find the anvil behind the proxy: one of
 * 16 million loopback addresses, on systems that have them.
 */
function hiddenHost(): string {
  if (process.platform !== 'linux') return '127.0.0.1'
  return ['127', ...Array.from({ length: 3 }, () => randomInt(1, 255))].join(
    '.',
  )
}

async function untilReady(
  at: { host: string; port: number },
  ended: () => boolean,
) {
  const deadline = Date.now() + readyMs
  for (;;) {
    try {
      const id = await rpc(at.port, 'eth_chainId', [], at.host)
      if (id === `0x${chainId.toString(16)}`) return
      throw new HomeError(
        'chain-failed',
        `The local chain answered with the chain id ${id} instead of 0x${chainId.toString(16)}. Another program might be using its port. Start again.`,
      )
    } catch (error) {
      if (error instanceof HomeError || ended() || Date.now() > deadline)
        throw error
    }
    await delay(10)
  }
}

function watchEnd(child: ChildProcess) {
  let stderr = ''
  let ended = false
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2000)
  })
  const reason = new Promise<string>((resolve) => {
    const done = (text: string) => {
      ended = true
      resolve(text)
    }
    child.once('error', (error) => done(error.message))
    child.once('close', (code, signal) =>
      done(stderr.trim() || `anvil ended with ${signal ?? `code ${code}`}`),
    )
  })
  return { reason, ended: () => ended }
}

function failed(reason: string) {
  return new HomeError(
    'chain-failed',
    `The chain did not start: ${reason}. To discard its state, pass --reset. To start without a chain, pass --no-chain.`,
  )
}
