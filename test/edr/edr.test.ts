import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Transaction as EthersTransaction } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../packages/local/src/chain/freePort.js'
import { createReconciler, createRpc } from '../../packages/sender/src/index.js'
import { hardhat, provideHardhat } from '../../scripts/setup/hardhat.mjs'
import { castPath } from '../support/castPath.js'
import {
  chainId,
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

// Hardhat's EDR is an EVM and a pool of another family than anvil's (alloy,
// revm in another host), with other texts for the same refusals.

let home: SenderHome
let rpc: ReturnType<typeof createRpc>
let stop: () => void

beforeAll(async () => {
  await provideHardhat()
  home = await openSenderHome()
  const port = await freePort(0, '--port')
  const folder = mkdtempSync(join(tmpdir(), 'keyward-edr-'))
  const child = spawn(
    process.execPath,
    [
      hardhat.command,
      ...['node', '--port', String(port), '--hostname', '127.0.0.1'],
    ],
    {
      cwd: hardhat.folder,
      env: { HOME: folder, HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  stop = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  rpc = createRpc({ urls: [`http://127.0.0.1:${port}`], chainId })
  for (let tries = 0; ; tries++) {
    const answered = await rpc.request('eth_blockNumber').catch(() => undefined)
    if (answered !== undefined) break
    if (tries > 600 || child.exitCode !== null)
      throw new Error('Hardhat did not start')
    await sleep(100)
  }
  await rpc.request('hardhat_setBalance', [
    home.address,
    `0x${(10n ** 20n).toString(16)}`,
  ])
})
afterAll(async () => {
  stop?.()
  await home?.close()
})

const rawOf = async (nonce: number) => {
  const row = await home.ledger.getNonce(home.account, BigInt(nonce))
  return row?.attempts ?? []
}
const hold = (on: boolean) => rpc.request('evm_setAutomine', [!on])

test('Hardhat mines what anvil mines, and ethers and cast read it alike', async () => {
  const sender = home.newSender({ rpc })
  const answer = await sender.send(
    toRequest({ data: '0xabcdef', value_wei: '12345678901234567890' }),
  )
  expect(answer).toMatchObject({ nonce: 0, status: 'sent' })
  const receipt = await rpc.request('eth_getTransactionReceipt', [answer.hash])
  expect(receipt).toMatchObject({ status: '0x1', type: '0x2' })
  const [attempt] = await rawOf(0)
  const raw = attempt?.raw ?? '0x'
  // The other chain has the same id, and takes the same bytes.
  expect(await home.anvil.call('eth_sendRawTransaction', [raw])).toBe(
    answer.hash,
  )
  const read = EthersTransaction.from(raw)
  expect(read.hash).toBe(answer.hash)
  expect(read.from).toBe(home.key.address)
  const { stdout } = await promisify(execFile)(castPath(), [
    ...['decode-transaction', '--json', raw],
  ])
  // cast answers JSON in a string of JSON.
  const decoded = JSON.parse(JSON.parse(stdout))
  expect({
    to: decoded.to.toLowerCase(),
    input: decoded.input,
    value: BigInt(decoded.value),
    nonce: Number(decoded.nonce),
    gas: BigInt(decoded.gas),
    maxFeePerGas: BigInt(decoded.maxFeePerGas),
    maxPriorityFeePerGas: BigInt(decoded.maxPriorityFeePerGas),
  }).toEqual({
    to: read.to?.toLowerCase(),
    input: read.data,
    value: read.value,
    nonce: read.nonce,
    gas: read.gasLimit,
    maxFeePerGas: read.maxFeePerGas,
    maxPriorityFeePerGas: read.maxPriorityFeePerGas,
  })
})

test('its refusals are understood: known bytes, low nonces, bumps, funds', async () => {
  const sender = home.newSender({ rpc })
  await hold(true)
  const { transactionId: id, nonce } = await sender.send(toRequest())
  const reconciler = createReconciler({
    key: home.key,
    ledger: home.newLedger(),
    rpc,
    confirmations: 2,
    graceMs: 0,
    resendAfterMs: 0,
    stuckAfterMs: 0,
  })
  // Known already: nothing to say.
  expect((await reconciler.run()).notices).toEqual([])
  expect(await sender.speedUp({ transactionId: id })).toMatchObject({
    nonce,
    status: 'sent',
  })
  await rpc.request('hardhat_mine', ['0x3'])
  await hold(false)
  await reconciler.run()
  const got = await sender.get({ transactionId: id })
  expect(got).toMatchObject({ status: 'mined', final: true })
  expect(got.attempts.length).toBeGreaterThan(1)
  await expect(
    sender.send(toRequest({ amount: '1000000', value_wei: undefined })),
  ).rejects.toMatchObject({ code: 'insufficient-funds' })
  await expect(
    sender.send(
      // A precompile that fails: pairing of one byte.
      toRequest({
        dst_address: `0x${'08'.padStart(40, '0')}`,
        value_wei: '0',
        data: '0x01',
      }),
    ),
  ).rejects.toMatchObject({ code: 'would-fail' })
})
