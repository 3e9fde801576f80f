import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { formatGwei } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callDynamo, ledgerTable } from '../support/ledgerTable.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { startNode } from '../support/nodes/startNode.js'
import { cleanEnv, keywardBin, root, runCli } from '../support/runCli.js'
import { sendHttp } from '../support/sendHttp.js'
import { settle } from '../support/settle.js'
import { soak } from '../support/tools.js'
import { untilSaid } from '../support/untilSaid.js'

// Transactions that wait for a block, which the tests mine: hastened, cancelled
// and looked at, by a stack's function and without one.

type Attempt = {
  hash: string
  purpose: string
  max_fee_per_gas: string
  max_priority_fee_per_gas: string
  gas: string
}

let home: RunningHome
let env: Record<string, string>
/** The key of the ledger that has no stack, which shares no account. */
let ownKey = ''

async function rpc(method: string, params: unknown[] = []) {
  const url = home.ready.rpcUrl ?? ''
  const { body } = await sendHttp(url, {
    headers: { 'content-type': 'application/json', host: new URL(url).host },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return JSON.parse(body).result
}

beforeAll(async () => {
  home = await startLocalHome()
  env = await home.env()
  const operator = await home.env('operator')
  const created = await runCli(
    ['key', 'create', '--alias', 'alias/payouts', '--json'],
    { env: operator },
  )
  ownKey = JSON.parse(created.stdout).address
  await callDynamo(
    {
      endpoint: home.ready.endpoint,
      credentials: {
        accessKeyId: operator.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: operator.AWS_SECRET_ACCESS_KEY ?? '',
      },
    },
    'CreateTable',
    ledgerTable('payouts'),
  )
  for (const address of [home.key.address, ownKey])
    await rpc('anvil_setBalance', [address, `0x${(10n ** 20n).toString(16)}`])
  await rpc('evm_setAutomine', [false])
}, 120_000)
afterAll(() => home.close())

const ways = [
  ['by the function of a stack', () => []],
  [
    'without a stack',
    () => [
      ...['--ledger', 'payouts', '--key', 'alias/payouts'],
      ...['--network', 'local', '--rpc-url', home.ready.rpcUrl ?? ''],
    ],
  ],
] as const

describe.each(soak ? ways : ways.slice(0, 1))('%s', (_, options) => {
  const keyward = (...args: string[]) =>
    runCli([...args, ...options()], { env })
  /** What it answers, which must be no refusal. */
  const json = async (...args: string[]) => {
    const { stdout, stderr, code } = await keyward(...args, '--json')
    expect([code, stderr], stderr).toEqual([
      expect.toBeOneOf([0, 1, 3]),
      expect.not.stringContaining('Error'),
    ])
    return { code, ...JSON.parse(stdout) }
  }
  const attemptsOf = async (key: string): Promise<Attempt[]> =>
    (await json('tx', 'show', key)).attempts
  const receiptOf = (hash: string | undefined) =>
    rpc('eth_getTransactionReceipt', [hash])
  const balanceOf = async (address: string) =>
    BigInt(await rpc('eth_getBalance', [address, 'latest']))
  /** An account that nobody else pays. */
  const newAccount = () =>
    `0x${[...crypto.getRandomValues(new Uint8Array(20))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  /** By `doctor` and `status`, while the account has nothing. */
  async function isNamedIfUnpayable(key: string) {
    const { transaction_id: id, nonce } = await json('tx', 'show', key)
    const { address } = home.key
    const before = await rpc('eth_getBalance', [address, 'latest'])
    await rpc('anvil_setBalance', [address, '0x1'])
    const problem = `nonce ${nonce}: the account can't pay for its signed transaction`
    const command = `keyward tx cancel ${id} --stack keyward-dev`
    const [doctor, status] = [await keyward('doctor'), await keyward('status')]
    await rpc('anvil_setBalance', [address, before])
    expect(doctor.code).toBe(1)
    expect(doctor.stdout).toMatch(
      new RegExp(
        `^!!  queue +${problem}\n +All later transactions wait. Fund the account, or cancel this one: ${command}$`,
        'm',
      ),
    )
    expect(status.stdout).toMatch(
      new RegExp(`^BLOCKED: ${problem}\n.*\n${command}$`, 'm'),
    )
  }
  async function send(key: string, ...more: string[]) {
    const to = newAccount()
    const sent = await json(
      ...['send', '--to', to, '--value-wei', '7', '--no-wait'],
      ...['--idempotency-key', key, ...more],
    )
    expect(sent).toMatchObject({ code: 0, status: 'sent' })
    return { to, ...sent }
  }

  test('Ctrl-C while it waits says how to watch it, and the transaction goes on', async () => {
    const args = ['send', '--to', newAccount(), '--value-wei', '7']
    const own = ['--idempotency-key', 'stopped']
    const child = spawn(
      process.execPath,
      [keywardBin, ...args, ...own, ...options()],
      { env: cleanEnv(env), cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    await untilSaid(child.stderr, /^sent nonce/m)
    const rest = child.stderr.toArray()
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    expect((await rest).join('')).toMatch(
      /\nThe transaction is still pending\. To watch it, run: keyward tx watch [0-9a-f]{40}/,
    )
    await rpc('evm_mine')
    expect(await json('tx', 'watch', 'stopped')).toMatchObject({ code: 0 })
  })

  test('a dead endpoint is named, and the ledger waited for', async () => {
    const { signed_tx_hash } = await send('unseen')
    const dead = 'http://127.0.0.1:9'
    const { code, stderr } = await runCli(
      [
        'tx',
        'watch',
        'unseen',
        ...options(),
        '--rpc-url',
        dead,
        '--timeout',
        '1',
      ],
      { env },
    )
    expect(code).toBe(3)
    expect(
      stderr.split(`The RPC endpoint ${dead} can't be reached.`),
    ).toHaveLength(2)
    expect(stderr).toContain('The command keeps trying, and also watches')
    await rpc('evm_mine')
    expect(await json('tx', 'watch', 'unseen')).toMatchObject({
      ...{ code: 0, signed_tx_hash },
    })
  })

  test('is hastened twice, and one of its versions is mined', async () => {
    const { to, signed_tx_hash } = await send('hastened')
    const first = await json('tx', 'speed-up', 'hastened')
    const second = await keyward('tx', 'speed-up', 'hastened')
    const secondHash = /^hash +(0x\w+)$/m.exec(second.stdout)?.[1]
    const attempts = await attemptsOf('hastened')
    expect(attempts.map(({ hash }) => hash)).toEqual([
      signed_tx_hash,
      first.signed_tx_hash,
      secondHash,
    ])
    expect(second.stdout).toMatch(
      new RegExp(
        `^fee +at most ${formatGwei(BigInt(attempts[2]?.max_fee_per_gas ?? 0))} gwei per gas$`,
        'm',
      ),
    )
    for (const [index, later] of attempts.slice(1).entries())
      for (const fee of [
        'max_fee_per_gas',
        'max_priority_fee_per_gas',
      ] as const) {
        const before = BigInt(attempts[index]?.[fee] ?? 0)
        expect(BigInt(later[fee]) * 10n).toBeGreaterThanOrEqual(before * 11n)
      }
    const watching = json('tx', 'watch', 'hastened')
    await rpc('evm_mine')
    const watched = await watching
    expect(watched).toMatchObject({
      ...{ code: 0, status: 'mined', receipt_status: 'succeeded' },
      signed_tx_hash: secondHash,
    })
    const receipts = await Promise.all(
      attempts.map(({ hash }) => receiptOf(hash)),
    )
    expect(receipts.map((receipt) => receipt?.status)).toEqual([
      ...[undefined, undefined, '0x1'],
    ])
    expect(await balanceOf(to)).toBe(7n)
  }, 60_000)

  test('is not hastened above a cap, and the refusal says what to do', async () => {
    const { to } = await send('capped', '--max-fee-per-gas', '2000000000')
    const before = await attemptsOf('capped')
    for (const [more, cap] of [
      [[], '2 gwei per gas (max_fee_per_gas of the request)'],
      [
        ['--max-fee-per-gas', '2100000000'],
        '2.1 gwei per gas (max_fee_per_gas of the',
      ],
      [['--max-fee-per-gas', '999000000000'], undefined],
    ] as const) {
      const { code, stdout, stderr } = await keyward(
        ...['tx', 'speed-up', 'capped', ...more],
      )
      if (cap === undefined) {
        expect([code, stderr]).toEqual([0, expect.not.stringContaining('Err')])
        continue
      }
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(
        /The fee is at least [\d.]+ gwei per gas, which is above the cap of/,
      )
      expect(stderr).toContain(`above the cap of ${cap}`)
      expect(stderr).toContain('Wait until fees are lower, or raise the cap')
      expect(stderr).toContain('docs/errors/fee-cap.md')
      expect(await attemptsOf('capped')).toEqual(before)
    }
    await rpc('evm_mine')
    expect(await json('tx', 'watch', 'capped')).toMatchObject({ code: 0 })
    expect(await balanceOf(to)).toBe(7n)
  }, 60_000)

  test('is given more gas, and no gas that it cannot have', async () => {
    const { to } = await send('gassed')
    for (const [gas, code, message] of [
      ['20000', 2, 'gas: got "20000"; allowed: '],
      ['many', 2, 'gas: got "many"; allowed: '],
      ['40000000', 1, 'above the limit of 30000000 for a block'],
    ] as const) {
      const refused = await keyward('tx', 'speed-up', 'gassed', '--gas', gas)
      expect(refused).toMatchObject({ code, stdout: '' })
      expect(refused.stderr).toContain(message)
    }
    await json('tx', 'speed-up', 'gassed', '--gas', '60000')
    const attempts = await attemptsOf('gassed')
    expect(attempts.map(({ gas }) => gas)).toEqual(['21000', '60000'])
    if (options().length === 0) await isNamedIfUnpayable('gassed')
    await rpc('evm_mine')
    expect(await json('tx', 'watch', 'gassed')).toMatchObject({ code: 0 })
    expect(await balanceOf(to)).toBe(7n)
  }, 60_000)

  test('is cancelled, which is told as no payment', async () => {
    const { to, signed_tx_hash } = await send('cancelled')
    const cancelled = await json('tx', 'cancel', 'cancelled')
    expect(cancelled).toMatchObject({ code: 0, signed_tx_hash })
    const again = await json('tx', 'cancel', 'cancelled')
    expect(again.cancel_tx_hash).toBe(cancelled.cancel_tx_hash)
    const late = await keyward('tx', 'speed-up', 'cancelled')
    expect(late).toMatchObject({ code: 1, stdout: '' })
    expect(late.stderr).toContain('a cancellation is in progress')
    expect(await attemptsOf('cancelled')).toMatchObject([
      { purpose: 'request', hash: signed_tx_hash },
      { purpose: 'cancel', hash: cancelled.cancel_tx_hash },
    ])
    const repeat = () =>
      keyward(
        ...['send', '--to', to, '--value-wei', '7', '--no-wait'],
        ...['--idempotency-key', 'cancelled'],
      )
    const during = await repeat()
    expect(during).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(
        /^status +sent: a cancellation is in progress, still pending$/m,
      ),
      stderr: expect.stringMatching(
        /^This request was already made at \d\d:\d\d, and it is being canceled\. Nothing/m,
      ),
    })
    expect(during.stdout).toContain(cancelled.cancel_tx_hash)
    const open = await keyward('tx', 'show', 'cancelled')
    expect(open.stdout).toMatch(
      /^status +sent: a cancellation is in progress$/m,
    )
    const watching = keyward('tx', 'watch', 'cancelled')
    await rpc('evm_mine')
    const watched = await watching
    expect(watched.code).toBe(1)
    // By the chain, or by the reconciler where it was faster.
    expect(watched.stdout).toMatch(
      /status +replaced: .*a zero-value transfer to (?:the account )?itself was mined in/,
    )
    expect(watched.stdout).toContain(cancelled.cancel_tx_hash)
    expect(await receiptOf(cancelled.cancel_tx_hash)).toMatchObject({
      status: '0x1',
    })
    expect(await receiptOf(signed_tx_hash)).toBeNull()
    expect(await balanceOf(to)).toBe(0n)
    const after = await repeat()
    expect(after.code).toBe(1)
    expect(after.stderr).toMatch(
      /^This request was already made at \d\d:\d\d, and it has ended without being mined \(replaced\)\. Nothing/m,
    )
    const shown = await keyward('tx', 'show', 'cancelled')
    expect(shown.stdout).toMatch(
      /^status +replaced(?:, final)?: canceled, so the transaction was NOT mined$/m,
    )
    expect(shown.stdout).toMatch(
      /^block +\d+, with a zero-value transfer in its place$/m,
    )
  }, 60_000)

  test('is left as it is once it is mined', async () => {
    const { to, signed_tx_hash } = await send('mined')
    await rpc('evm_mine')
    for (const change of ['speed-up', 'cancel', 'cancel']) {
      const { code, stdout, stderr } = await keyward('tx', change, 'mined')
      expect([code, stdout]).toEqual([1, ''])
      // By the chain, or by the reconciler where it was faster.
      expect(stderr).toMatch(
        /\(sent\) can't be changed: it was already mined in block \d+ \(transaction hash 0x|it is no longer pending/,
      )
      expect(stderr).toContain('docs/errors/transaction-state.md')
    }
    expect(await json('tx', 'watch', 'mined')).toMatchObject({
      ...{ code: 0, status: 'mined', signed_tx_hash, cancel_requested: false },
      attempts: [{ hash: signed_tx_hash }],
    })
    expect(await balanceOf(to)).toBe(7n)
  }, 60_000)

  test('is listed, and shown with each of its versions', async () => {
    // An index shows what is new some seconds later; show reads the record.
    await settle()
    const { transactions, next } = await json('tx', 'list')
    const keys = (list: { idempotency_key: string }[]) =>
      list.map(({ idempotency_key }) => idempotency_key)
    expect([keys(transactions), next]).toEqual([
      [
        ...['mined', 'cancelled', 'gassed', 'capped', 'hastened'],
        ...['unseen', 'stopped'],
      ],
      null,
    ])
    const page = await json('tx', 'list', '--limit', '3')
    const rest = await json('tx', 'list', '--after', page.next)
    expect([keys(page.transactions), keys(rest.transactions)]).toEqual([
      ['mined', 'cancelled', 'gassed'],
      ['capped', 'hastened', 'unseen', 'stopped'],
    ])
    // The filter and the column agree, whatever the ledger has recorded.
    for (const status of new Set<string>(
      transactions.map((each: { status: string }) => each.status),
    )) {
      const those = transactions.filter(
        (each: { status: string }) => each.status === status,
      )
      const found = await json('tx', 'list', '--status', status, '--limit', '9')
      expect(keys(found.transactions)).toEqual(keys(those))
    }
    const attempts = await attemptsOf('cancelled')
    const { stdout } = await keyward('tx', 'show', 'cancelled')
    for (const { hash, purpose, max_fee_per_gas } of attempts)
      expect(stdout).toMatch(
        new RegExp(
          `${hash}\\n +${purpose}, at most ${formatGwei(BigInt(max_fee_per_gas))} gwei`,
        ),
      )
    expect(stdout).toMatch(/^cancel +requested$/m)
    // Of the versions of one payment, one is mined.
    for (const key of ['cancelled', 'hastened']) {
      const shown = await keyward('tx', 'show', key)
      const last = (await attemptsOf(key)).at(-1)?.hash
      const mined = /(0x\w+)\n +\w+, at most [\d.]+ gwei per gas, mined$/gm
      expect([...shown.stdout.matchAll(mined)].map(([, hash]) => hash)).toEqual(
        [last],
      )
    }
    const unknown = await keyward('tx', 'show', 'other')
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('transaction-not-found')
  }, 60_000)

  test('the ledger hears of its block by tx reconcile', async () => {
    const { signed_tx_hash } = await send('told')
    await rpc('evm_mine')
    const told = () => json('tx', 'show', 'told')
    // Where a clock starts one as well, that one may be at work.
    await expect
      .poll(
        async () => {
          expect(await json('tx', 'reconcile')).toMatchObject({ code: 0 })
          return told()
        },
        { timeout: 30_000 },
      )
      .toMatchObject({
        ...{ status: 'mined', receipt_status: 'succeeded' },
        signed_tx_hash,
      })
    await rpc('anvil_mine', ['0x10'])
    await expect
      .poll(
        async () => {
          await json('tx', 'reconcile')
          return told()
        },
        { timeout: 30_000 },
      )
      .toMatchObject({ status: 'mined', final: true })
    const { code, stdout } = await keyward('tx', 'reconcile')
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^(?:open +none|Another reconciler)/),
    ])
    // Empty blocks have made the chain cheap, which the caps here are not for.
    await rpc('anvil_setNextBlockBaseFeePerGas', ['0x3b9aca00'])
    await rpc('evm_mine')
  }, 90_000)
})

describe('without a stack', () => {
  const args = (...more: string[]) => [
    ...['send', '--ledger', 'payouts', '--key', 'alias/payouts'],
    ...['--network', 'local', '--to', `0x${'5a'.repeat(20)}`],
    ...['--value-wei', '7', '--idempotency-key', 'waits', ...more],
  ]

  test('a node that is down leaves a request that a repetition sends, once', async () => {
    await rpc('evm_setAutomine', [true])
    const key = 'k3y-in-an-url'
    const down = ['--rpc-url', `http://127.0.0.1:9/${key}`]
    const first = await runCli(args(...down, '--no-wait'), { env })
    expect(first.code).toBe(3)
    expect(first.stdout).toMatch(
      /status +accepted, still pending\nnext +repeat the same keyward send command, with the request above as --idempotency-key\nproblem +The RPC endpoint http:\/\/127\.0\.0\.1:9 can't be reached\./,
    )
    expect(first.stdout + first.stderr).not.toContain(key)
    for (let round = 0; round < 2; round++) {
      const { code, stdout } = await runCli(args(), { env })
      expect([code, stdout]).toEqual([0, expect.stringContaining('mined in')])
    }
    expect(
      await rpc('eth_getBalance', [`0x${'5a'.repeat(20)}`, 'latest']),
    ).toBe('0x7')
  }, 60_000)

  test('signed bytes go to SEND_RPC_URL alone', async () => {
    await rpc('evm_setAutomine', [true])
    const real = home.ready.rpcUrl ?? ''
    const node = await startNode('public-node', { url: real })
    const { code, stdout } = await runCli(
      args('--rpc-url', node.url, '--idempotency-key', 'private'),
      { env: { ...env, SEND_RPC_URL: real } },
    )
    expect([code, stdout]).toEqual([0, expect.stringContaining('mined in')])
    expect(node.calls.length).toBeGreaterThan(0)
    expect(node.leaks).toEqual([])
    await node.close()
  }, 60_000)
})
