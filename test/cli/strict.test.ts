import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { JsonRpcProvider } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCli } from '../support/runCli.js'

// The local home as hard as AWS can be. In soak, the whole command line is
// tested before such a home; here it is a part of it, and nothing is retried.

let home: RunningHome
beforeAll(async () => {
  home = await startLocalHome({ args: ['--aws-strict'] })
  const chain = new JsonRpcProvider(`${home.ready.rpcUrl}`)
  await chain.send('anvil_setBalance', [home.key.address, '0xde0b6b3a7640000'])
  chain.destroy()
})
afterAll(() => home.close())

async function cli(as: string, ...args: string[]) {
  const env = await home.env(as)
  const { code, stdout, stderr } = await runCli([...args, '--json'], { env })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

test.concurrent('a key is made, named, described and used, while it is known late', async () => {
  const key = await cli('operator', 'key', 'create', '--alias', 'strict')
  expect(key).toMatchObject({ alias: 'alias/strict', state: 'Enabled' })
  expect(await cli('operator', 'key', 'show', 'alias/strict')).toEqual(key)
})

test.concurrent('functions that stood still find new connections, and pay once', async () => {
  const send = () =>
    cli(
      'user',
      ...['send', '--to', '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'],
      ...['--amount', '0', '--idempotency-key', randomUUID()],
    )
  const first = await send()
  await sleep(2500)
  const second = await send()
  expect([first, second].map(({ status }) => status)).toEqual([
    'mined',
    'mined',
  ])
  expect(BigInt(second.nonce) - BigInt(first.nonce)).toBe(1n)
})
