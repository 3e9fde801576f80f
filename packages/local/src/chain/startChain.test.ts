import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocketProvider } from 'ethers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as ProcessId from '../store/ProcessId.js'
import { anvilPath } from './anvilPath.js'
import { rpc } from './rpc.js'
import { type Chain, startChain } from './startChain.js'

let folder: string
const open: Chain[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyward chain '))
})

afterEach(async () => {
  for (const chain of open.splice(0)) await chain.close()
  rmSync(folder, { recursive: true })
})

async function start(port = 0) {
  const chain = await startChain({ folder, port })
  open.push(chain)
  return chain
}

const to = '0x000000000000000000000000000000000000dead'

async function pay(port: number) {
  const [from] = (await rpc(port, 'eth_accounts')) as string[]
  const sent = { from, to, value: '0x7' }
  const hash = await rpc(port, 'eth_sendTransaction', [sent])
  while (!(await rpc(port, 'eth_getTransactionReceipt', [hash])));
}

test('starts, answers, stops, and keeps its state', async () => {
  const first = await start()
  expect(first.rpcUrl).toBe(`http://127.0.0.1:${first.port}`)
  expect(await rpc(first.port, 'eth_chainId')).toBe('0x7a69')
  await pay(first.port)
  await first.close()
  open.length = 0
  expect(ProcessId.isAlive({ pid: first.pid })).toBe(false)
  await expect(rpc(first.port, 'eth_chainId')).rejects.toThrow('ECONNREFUSED')
  expect(statSync(join(folder, 'state.json')).isFile()).toBe(true)

  const second = await start()
  expect(await rpc(second.port, 'eth_getBalance', [to, 'latest'])).toBe('0x7')
  expect(await rpc(second.port, 'eth_blockNumber')).toBe('0x1')
})

test.each([
  [{ origin: 'http://evil.example' }, 403],
  [{ origin: 'http://localhost:3000' }, 403],
  [{ origin: 'null' }, 403],
  [{ host: 'evil.example' }, 403],
  [{ host: '127.0.0.1.evil.example:8545' }, 403],
  [{ origin: 'chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn' }, 200],
  [{ host: 'localhost:1' }, 200],
  [{}, 200],
])('%j is answered with %d', async (headers, status) => {
  const { port } = await start()
  const ask = (upgrade: object) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({
        ...{ host: '127.0.0.1', port, method: 'POST', agent: false },
        headers: { 'content-type': 'application/json', ...headers, ...upgrade },
      })
      sent.on('error', reject).on('response', resolve)
      sent.on('upgrade', (response, socket) => {
        socket.destroy()
        resolve(response)
      })
      sent.end('{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}')
    })
  const answer = await ask({})
  const text = Buffer.concat(await answer.toArray()).toString()
  expect(answer.statusCode).toBe(status)
  expect(JSON.parse(text).result).toBe(status === 200 ? '0x7a69' : undefined)
  expect(answer.headers['access-control-allow-origin']).toBe(
    status === 200 ? (headers as { origin?: string }).origin : undefined,
  )
  if (status === 200) return
  const upgrade = { connection: 'upgrade', upgrade: 'websocket' }
  expect((await ask(upgrade)).statusCode).toBe(403)
})

test('programs use it by WebSocket, too', async () => {
  const { port } = await start()
  const provider = new WebSocketProvider(`ws://127.0.0.1:${port}`)
  expect(await provider.send('eth_chainId', [])).toBe('0x7a69')
  await provider.destroy()
})

test('a half-written state gives way to that of the last start', async () => {
  await pay((await start()).port)
  await open.pop()!.close()
  await start()
  await open.pop()!.close()
  const state = readFileSync(join(folder, 'state.json'), 'utf8')
  writeFileSync(join(folder, 'state.json'), state.slice(0, -10))
  const { port } = await start()
  expect(await rpc(port, 'eth_getBalance', [to, 'latest'])).toBe('0x7')
})

test('a half-written state without another is put aside', async () => {
  writeFileSync(join(folder, 'state.json'), '{"block":')
  const { port } = await start()
  expect(await rpc(port, 'eth_blockNumber')).toBe('0x0')
  expect(readdirSync(folder)).toContain('state.broken')
})

test('a taken port is named with its flag', async () => {
  const other = createServer()
  await once(other.listen(0, '127.0.0.1'), 'listening')
  const { port } = other.address() as AddressInfo
  await expect(start(port)).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use by another program. Choose another port with --chain-port, or use --chain-port 0 for any free port.`,
  )
  other.close()
})

test('an end that nobody asked for is told', async () => {
  const reason = new Promise<string>((resolve) => {
    void startChain({ folder, port: 0, onExit: resolve }).then((chain) => {
      open.push(chain)
      process.kill(chain.pid, 'SIGKILL')
    })
  })
  expect(await reason).toBe('anvil ended with SIGKILL')
})

test('a platform without a binary is named', () => {
  expect(() => anvilPath('sunos', 'x64')).toThrow(
    'The npm package @foundry-rs/anvil-sunos-amd64, which contains the chain',
  )
})

test('ends when its parent is killed, with its state written', async () => {
  const url = new URL('./startChain.ts', import.meta.url)
  const child = spawn(
    process.execPath,
    [
      '--conditions=@keyward/source',
      '--import=tsx',
      '--input-type=module',
      '-e',
      `const { startChain } = await import(${JSON.stringify(url.href)})
       const chain = await startChain({ folder: process.argv[1], port: 0 })
       console.log(JSON.stringify(chain))`,
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = await once(createInterface(child.stdout), 'line')
  const chain: Chain = JSON.parse(line)
  const anvil = ProcessId.of(chain.pid)
  await pay(chain.port)
  child.kill('SIGKILL')
  await once(child, 'exit')
  // The next start waits for the old chain to end.
  const { port } = await start()
  expect(ProcessId.isAlive(anvil)).toBe(false)
  expect(await rpc(port, 'eth_getBalance', [to, 'latest'])).toBe('0x7')
})
