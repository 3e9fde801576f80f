import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { AddressField } from '@keyward/core'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from 'vitest'
import { callDynamo, ledgerTable } from '../support/ledgerTable.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { cleanEnv, keywardBin, runCli } from '../support/runCli.js'
import { sendHttp } from '../support/sendHttp.js'
import { settle } from '../support/settle.js'
import { putToken, tokenBalance } from '../support/testToken.js'
import { soak } from '../support/tools.js'

const ether = 10n ** 18n
const toChecksum = (address: string) =>
  AddressField.toChecksum(address as `0x${string}`)
const token = '0x1000000000000000000000000000000000000001'
const other = '0x2000000000000000000000000000000000000002'
const opOracle = '0x420000000000000000000000000000000000000f'

let home: RunningHome
let env: Record<string, string>
let from: string
let accounts = 0
/** A new one for each test. */
let to: string

async function call(method: string, params: unknown[] = []): Promise<unknown> {
  const url = home.ready.rpcUrl ?? ''
  const { body } = await sendHttp(url, {
    headers: { 'content-type': 'application/json', host: new URL(url).host },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = JSON.parse(body)
  if (error !== undefined) throw new Error(error.message)
  return result
}
const chain = { call }
const balanceOf = async (address: string) =>
  BigInt(String(await call('eth_getBalance', [address, 'latest'])))
const fund = (wei: bigint) =>
  call('anvil_setBalance', [from, `0x${wei.toString(16)}`])
const countOf = async () =>
  Number(await call('eth_getTransactionCount', [from, 'latest']))
const feeOf = async (hash: string) => {
  const receipt = (await call('eth_getTransactionReceipt', [hash])) as {
    gasUsed: string
    effectiveGasPrice: string
  }
  return BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice)
}

const sweep = (...args: string[]) =>
  runCli(['sweep', '--to', to, ...args], { env })
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await sweep(...args, '--json')
  if (stdout === '') throw new Error(stderr)
  return { code, ...JSON.parse(stdout) }
}

beforeAll(async () => {
  home = await startLocalHome()
  env = await home.env()
  from = home.key.address
})
afterAll(() => home.close())
beforeEach(async () => {
  to = `0x${(++accounts).toString(16).padStart(40, 'a')}`
  await fund(3n * ether)
  for (const address of [token, other])
    await call('anvil_setCode', [address, '0x'])
})

// What a test that fails leaves would fail all after it.
afterEach(async () => {
  await call('evm_setAutomine', [true])
  await call('anvil_mine', ['0x1'])
})

describe('an account with ether and tokens', () => {
  test('the plan says what goes where, and nothing is sent', async () => {
    await putToken(chain, token, 'standard', { [from]: 2_500_000n })
    const before = await countOf()
    const { code, stdout } = await sweep('--token', token, '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/to +0x\w{40}, NEVER USED on this network/i)
    expect(stdout).toContain(`1.           2.5 TKN (${token})`)
    expect(stdout).toMatch(/2\. +about 2\.9\d+ ETH: everything except the fee/)
    expect(stdout).toContain('Nothing was sent.')
    expect(await countOf()).toBe(before)
    expect(await balanceOf(to)).toBe(0n)
  })

  test('send --token and --call pay in it, and show what the bytes say', async () => {
    await putToken(chain, token, 'standard', { [from]: 2_500_000n })
    const send = (...args: string[]) => runCli(['send', ...args], { env })
    const paid = await send('--to', to, '--token', token, '--amount', '1.25')
    expect(paid.code).toBe(0)
    expect(paid.stderr).toContain(
      `through keyward-dev-sender:\n  1.25 TKN (1250000 of the smallest unit; 6 decimals) to ${to}\n  transfer (0xa9059cbb)\n  on ${toChecksum(token)}\n  0  ${toChecksum(to)}\n  1  1250000\n`,
    )
    expect(await tokenBalance(chain, token, to)).toBe(1_250_000n)
    const called = await send(
      ...['--to', token, '--call', 'transfer(address,uint256)', to, '50000'],
    )
    expect(called.code).toBe(0)
    expect(called.stderr).toContain(`transfer(address,uint256) on ${token}`)
    expect(await tokenBalance(chain, token, to)).toBe(1_300_000n)
    for (const [args, message] of [
      [['--token', token, '--amount', '0.0000001'], 'has too many decimals'],
      [
        ['--token', other, '--amount', '1'],
        'does not return its number of decimals',
      ],
      [
        ['--token', 'USDC', '--amount', '1'],
        '"USDC" is not a known token on this',
      ],
    ] as const) {
      const refused = await send('--to', to, ...args)
      expect(refused.code).toBe(1)
      expect(refused.stderr).toContain(message)
    }
  })

  test('tokens go first, then the ether, to the last wei', async () => {
    await putToken(chain, token, 'standard', { [from]: 2_500_000n })
    await putToken(chain, other, 'silent', { [from]: 7n })
    const before = await countOf()
    const swept = await json('--token', token, other)
    expect(swept).toMatchObject({ code: 0, complete: true, stopped: null })
    expect(swept.moves.map(({ what }: { what: string }) => what)).toEqual([
      '2.5 TKN',
      '0.000007 TKN',
      expect.stringMatching(/^2\.99\d+ ETH$/),
    ])
    expect(await tokenBalance(chain, token, to)).toBe(2_500_000n)
    expect(await tokenBalance(chain, other, to)).toBe(7n)
    expect(await balanceOf(from)).toBe(0n)
    const fees = await Promise.all(
      swept.moves.map((move: { signed_tx_hash: string }) =>
        feeOf(move.signed_tx_hash),
      ),
    )
    const paid = fees.reduce<bigint>((sum, fee) => sum + fee, 0n)
    expect(await balanceOf(to)).toBe(3n * ether - paid)
    expect(await countOf()).toBe(before + 3)
    expect(swept.left).toMatchObject({ wei: '0', tokens: [], waiting: '0' })

    const again = await sweep('--token', token, other)
    expect(again.code).toBe(0)
    expect(again.stdout).toMatch(
      /moved +nothing: the account has nothing that can be moved/,
    )
    expect(await countOf()).toBe(before + 3)
  })

  test('what is less than its fee stays', async () => {
    await fund(1000n)
    const swept = await json()
    expect(swept).toMatchObject({ code: 0, complete: true, moves: [] })
    expect(await balanceOf(from)).toBe(1000n)
  })

  test('a contract that takes ether gets it', async () => {
    // Writes to storage, as a wallet that counts what it gets.
    await call('anvil_setCode', [to, '0x345f5500'])
    const { stdout } = await sweep('--dry-run')
    expect(stdout).toContain('a contract: make sure that it can forward')
    const swept = await json()
    expect(swept).toMatchObject({ code: 0, complete: true })
    expect(await balanceOf(to)).toBe(BigInt(swept.moves[0].value_wei))
    expect(await balanceOf(from)).toBeLessThan(ether / 1000n)
  })
})

describe('what could lose something is refused before anything is sent', () => {
  test('destinations', async () => {
    const before = await countOf()
    const cases: [string, number, string][] = [
      [from, 1, 'is the account itself'],
      [`0x${'0'.repeat(40)}`, 1, 'that no one has the key for'],
      [`0x${'0'.repeat(39)}4`, 1, 'that no one has the key for'],
      [token, 1, 'is a token contract'],
      ['0x70997970C51812dc3A010C7d01b50e0d17dc79c8', 2, 'EIP-55'],
      ['vitalik.eth', 2, 'address'],
    ]
    await putToken(chain, token, 'standard', { [from]: 1n })
    for (const [address, exit, message] of cases) {
      const { code, stderr } = await runCli(
        ['sweep', '--to', address, '--token', token],
        { env },
      )
      expect([address, code, stderr]).toEqual([
        address,
        exit,
        expect.stringContaining(message),
      ])
    }
    // Reverts whatever comes.
    await call('anvil_setCode', [to, '0x5f5ffd'])
    const { code, stderr } = await sweep()
    expect(code).toBe(1)
    expect(stderr).toContain('does not accept a transfer')
    expect(await countOf()).toBe(before)
  })

  test.each([
    ['paused', 'the transfer reverts with "paused"'],
    ['refusing', "the contract's transfer function does not return true"],
  ] as const)('a token that is %s', async (kind, message) => {
    await putToken(chain, token, kind, { [from]: 5n })
    const before = await countOf()
    const { code, stderr } = await sweep('--token', token)
    expect(code).toBe(1)
    expect(stderr).toContain(`can't be moved: ${message}`)
    expect(stderr).toContain(`--skip ${token}`)
    expect(await countOf()).toBe(before)
    const skipped = await json('--token', token, '--skip', token)
    expect(skipped).toMatchObject({ code: 0, complete: true })
    expect(await balanceOf(from)).toBe(0n)
    expect(await tokenBalance(chain, token, from)).toBe(5n)
  })

  test('a token that is not there, or does not say how much', async () => {
    const none = await sweep('--token', token)
    expect(none.stderr).toContain(`There is no token contract at ${token}`)
    await call('anvil_setCode', [token, '0x5f5ffd'])
    const silent = await sweep('--token', token)
    expect(silent.stderr).toContain('does not report a balance')
    expect([none.code, silent.code]).toEqual([1, 1])
    expect(await balanceOf(from)).toBe(3n * ether)
  })

  test('tokens that there is no ether to move', async () => {
    await putToken(chain, token, 'standard', { [from]: 5n })
    await fund(1000n)
    const { code, stderr } = await sweep('--token', token)
    expect(code).toBe(1)
    expect(stderr).toContain('has 0.000000000000001 ether')
    expect(await tokenBalance(chain, token, from)).toBe(5n)
  })

  test('a fee below the base fee, told by the sender', async () => {
    const { code, stdout, stderr } = await sweep('--max-fee-per-gas', '1')
    expect(code).toBe(1)
    expect(stderr).toContain("The stack's policy was not evaluated")
    expect(stdout).toMatch(/^STOPPED +.*max_fee_per_gas of the request/)
    expect(await balanceOf(from)).toBe(3n * ether)
  })
})

describe('while tokens are left the ether stays', () => {
  test('the contract says yes and moves nothing', async () => {
    await putToken(chain, token, 'lying', { [from]: 5n })
    const { code, stdout } = await sweep('--token', token)
    expect(code).toBe(3)
    expect(stdout).toMatch(
      /STOPPED +the account still has 0\.000005 TKN \(\w+\)/,
    )
    expect(await balanceOf(from)).toBeGreaterThan((29n * ether) / 10n)
    expect(await balanceOf(to)).toBe(0n)
  })

  test('one unit stays, until it is skipped', async () => {
    await putToken(chain, token, 'rounding', { [from]: 5n })
    expect(await json('--token', token)).toMatchObject({
      code: 3,
      complete: false,
      left: { tokens: [{ symbol: 'TKN', amount: '1' }] },
    })
    expect(await tokenBalance(chain, token, to)).toBe(5n)
    expect(await balanceOf(to)).toBe(0n)
    expect(await json('--skip', token)).toMatchObject({ complete: true })
    expect(await balanceOf(from)).toBe(0n)
  })
})

describe('on a chain that makes no blocks', () => {
  beforeEach(() => call('evm_setAutomine', [false]))
  const mine = () => call('anvil_mine', ['0x1'])

  test('a transfer that waits is not overtaken', async () => {
    const sent = runCli(
      ['send', '--to', to, '--amount', '1', '--no-wait', '--json'],
      { env },
    )
    expect((await sent).code).toBe(0)
    // The index that names it shows it late; the count of the pool refuses too.
    await settle()
    const { code, stderr } = await sweep('--dry-run')
    expect(code).toBe(1)
    expect(stderr).toMatch(/This account has 1 unfinished transaction: cli-/)
    await mine()
    await call('evm_setAutomine', [true])
    expect(await json()).toMatchObject({ complete: true })
    expect(await balanceOf(from)).toBe(0n)
  })

  test('not mined in time: exit 3, and later it goes on', async () => {
    expect(await json('--timeout', '2')).toMatchObject({
      code: 3,
      complete: false,
      moves: [{ end: 'pending' }],
    })
    await mine()
    await call('evm_setAutomine', [true])
    expect(await json()).toMatchObject({ complete: true, moves: [] })
    expect(await balanceOf(from)).toBe(0n)
  })
})

describe('killed half-way, it goes on where it was', () => {
  const afterwards = async (before: number) => {
    expect(await json('--token', token)).toMatchObject({ complete: true })
    expect(await tokenBalance(chain, token, to)).toBe(5n)
    expect(await balanceOf(from)).toBe(0n)
    expect(await countOf()).toBe(before + 2)
  }
  async function killAt(step: RegExp): Promise<void> {
    const args = ['sweep', '--to', to, '--token', token]
    const child = spawn(process.execPath, [keywardBin, ...args], {
      env: { ...cleanEnv(), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    // Before the step is seen: it may have ended by then.
    const gone = once(child, 'exit')
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(step)
    child.kill('SIGKILL')
    await gone
  }

  const first = /^Sending 0\.000005 TKN/m
  const steps = [first, /^(?:sent|mined) +nonce/m, /^Sending 2\.9/m]
  test.each(soak ? steps : [first])('at %s', async (step) => {
    await putToken(chain, token, 'standard', { [from]: 5n })
    const before = await countOf()
    await killAt(step)
    await afterwards(before)
  })

  test.runIf(soak)('while the token waits for a block', async () => {
    await putToken(chain, token, 'standard', { [from]: 5n })
    const before = await countOf()
    await call('evm_setAutomine', [false])
    await killAt(/^sent +nonce/m)
    const again = afterwards(before)
    await call('anvil_mine', ['0x1'])
    await call('evm_setAutomine', [true])
    await again
  })
})

test.each(soak ? [0, 50, 150, 300, 450] : [150])(
  'another, %i ms later: everything once, and nothing is left signed',
  async (delayMs) => {
    await putToken(chain, token, 'standard', { [from]: 5n })
    const first = sweep('--token', token)
    await sleep(delayMs)
    const both = await Promise.all([first, sweep('--token', token)])
    expect(both.map(({ code }) => code)).toContain(0)
    expect(await tokenBalance(chain, token, to)).toBe(5n)
    expect(await balanceOf(from)).toBe(0n)
    // A signed transfer that waits for money would take what comes later.
    await fund(3n * ether)
    expect(await json('--dry-run')).toMatchObject({ code: 0 })
  },
)

// The last: a sender takes some seconds to hear of a nonce that others used.
test('a transaction that the ledger does not know is waited for', async () => {
  await call('evm_setAutomine', [false])
  await call('anvil_impersonateAccount', [from])
  await call('eth_sendTransaction', [{ from, to, value: '0x1' }])
  const { code, stderr } = await sweep()
  expect(code).toBe(1)
  expect(stderr).toContain('has 1 transaction waiting to be mined')
  await call('anvil_mine', ['0x1'])
  // The sender looks at the account's count every two seconds: what it signs
  // before that has the number that this transaction took.
  await sleep(2100)
})

// The last one, as the sender remembers a fee for data for ten seconds.
test('a rollup keeps its fee for data, so a little stays', async () => {
  // Answers every call with 10^12.
  await call('anvil_setCode', [opOracle, '0x64e8d4a510005f5260205ff3'])
  try {
    const swept = await json()
    expect(swept).toMatchObject({ code: 0, complete: true })
    expect(swept.plan.native.reserveWei).toBe((4n * 10n ** 12n).toString())
    expect(await balanceOf(from)).toBeGreaterThanOrEqual(4n * 10n ** 12n)
    expect(await balanceOf(to)).toBeGreaterThan((29n * ether) / 10n)
  } finally {
    await call('anvil_setCode', [opOracle, '0x'])
  }
})

// The last: the home's ledger takes it for use of the key elsewhere, and is told
// of it minutes later.
describe("a ledger of one's own", () => {
  test('by a ledger, without Lambda', async () => {
    // A sender of one's own: the stack's ledger belongs to its functions.
    const credentials = {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    }
    const { endpoint } = home.ready
    const table = 'own-ledger'
    await callDynamo(
      { endpoint, credentials },
      'CreateTable',
      ledgerTable(table),
    )
    const own = ['--ledger', table, '--key', home.key.keyId]
    const unknown = await sweep(...own, '--network', 'local')
    expect(unknown.stdout).toMatch(
      /STOPPED +The ledger does not match the chain/,
    )
    const swept = await json(...own, '--network', 'local', '--new-ledger')
    expect(swept).toMatchObject({ code: 0, complete: true, from })
    expect(await balanceOf(from)).toBe(0n)
  })
})
