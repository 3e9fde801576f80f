import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { EtherAmount } from '@keyward/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findViolations } from '../support/awsModels/findViolations.js'
import { giveEther } from '../support/giveEther.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCli } from '../support/runCli.js'
import { sendHttp } from '../support/sendHttp.js'
import { soak, strict } from '../support/tools.js'

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

async function rpc(url: string, method: string, params: unknown[]) {
  const { body } = await sendHttp(url, {
    headers: {
      'content-type': 'application/json',
      host: new URL(url).host,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return JSON.parse(body).result
}

const ether = (count: bigint) => `0x${(count * 10n ** 18n).toString(16)}`

describe('the default stack', () => {
  let home: RunningHome
  let env: Record<string, string>
  beforeAll(async () => {
    home = await startLocalHome({ records: true })
    env = await home.env()
    await rpc(home.ready.rpcUrl ?? '', 'anvil_setBalance', [
      home.key.address,
      ether(100n),
    ])
  })
  afterAll(() => home.close())

  const keyward = (...args: string[]) => runCli(args, { env })
  const json = async (...args: string[]) =>
    JSON.parse((await keyward(...args, '--json')).stdout)
  const balanceOf = async (address: string) =>
    BigInt(
      await rpc(home.ready.rpcUrl ?? '', 'eth_getBalance', [address, 'latest']),
    )
  const sender = () =>
    new LambdaClient({
      endpoint: env.AWS_ENDPOINT_URL,
      region: 'us-east-1',
      // Lambda runs 32 at once here; the SDK tries the others again.
      maxAttempts: 12,
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
      },
    } as never)
  const invoke = async (client: LambdaClient, name: string, event: object) => {
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: `keyward-dev-${name}`,
        Payload: JSON.stringify(event),
      }),
    )
    return JSON.parse(answer.Payload?.transformToString() ?? 'null')
  }

  test('keyward send is mined once, however often it is asked for', async () => {
    const before = await balanceOf(to)
    const args = ['send', '--to', to, '--amount', '0.25']
    const own = ['--idempotency-key', 'order-1']
    const first = await keyward(...args, ...own)
    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(/status +mined in block 1\n/)
    expect(first.stderr).toContain(`From ${home.key.address} on local`)
    const [, fee = ''] = /^fee paid +(0\.0\d+) ETH$/m.exec(first.stdout) ?? []
    const left = await balanceOf(home.key.address)
    const paid = 100n * 10n ** 18n - 25n * 10n ** 16n - left
    expect(EtherAmount.toWei(fee)).toBe(paid)
    expect(first.stdout).toContain(
      `balance left  ${EtherAmount.fromWei(left)} ETH\n`,
    )
    // Before the reconciler has run, as send said it.
    const shown = await keyward('tx', 'show', 'order-1')
    expect(shown.stdout).toMatch(/^status +mined(?:, final)?$/m)
    expect(shown.stdout).toMatch(/^block +1, succeeded$/m)
    expect(shown.stdout).toMatch(new RegExp(`^fee paid +${fee} ETH$`, 'm'))
    const list = await keyward('tx', 'list')
    expect(list.stdout).toMatch(
      /^AGE +STATUS +REQUEST +NONCE {2}AMOUNT \(ETH\) {2}TO\n *\d+ s {2}mined +order-1 +0 {2}0\.25 /,
    )
    const again = await json(...args, ...own)
    const said = await keyward(...args, ...own)
    expect(said.stderr).toMatch(
      /^This transaction was already sent at \d\d:\d\d\. Nothing new was signed\.$/m,
    )
    expect(said.stderr).not.toMatch(/^(?:sent|mined) nonce/m)
    expect(again).toMatchObject({
      nonce: 0,
      status: 'mined',
      receipt_status: 'succeeded',
    })
    expect((await balanceOf(to)) - before).toBe(25n * 10n ** 16n)
    const other = await keyward(
      ...['send', '--to', to, '--amount', '0.5', ...own],
    )
    expect(other.code).toBe(1)
    expect(other.stderr).toContain(
      'Error: Another request has already used this idempotency key: "order-1".',
    )
    expect((await balanceOf(to)) - before).toBe(25n * 10n ** 16n)
  })

  // Each is a process of its own. A new account has ten at once.
  const callers = strict ? 8 : soak ? 20 : 6
  test(`${callers} callers at once with one key are one transaction`, async () => {
    const client = sender()
    const before = await balanceOf(to)
    const event = {
      operation: 'send',
      idempotency_key: 'race',
      dst_address: to,
      value_wei: '7',
    }
    const answers = await Promise.all(
      Array.from({ length: callers }, () => invoke(client, 'sender', event)),
    )
    const ids = new Set(answers.map(({ transaction_id }) => transaction_id))
    expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/)])
    const nonces = new Set(answers.map(({ nonce }) => nonce))
    nonces.delete(null)
    expect(nonces.size).toBe(1)
    await keyward('tx', 'watch', 'race')
    expect((await balanceOf(to)) - before).toBe(7n)
    client.destroy()
  }, 120_000)

  test('the reconciler settles, and keyward tx, balance and doctor tell', async () => {
    const client = sender()
    await invoke(client, 'reconciler', {})
    client.destroy()
    const shown = await json('tx', 'show', 'order-1')
    expect(shown).toMatchObject({
      status: 'mined',
      final: true,
      block_number: 1,
      receipt_status: 'succeeded',
    })
    const { transactions } = await json('tx', 'list')
    expect(
      transactions.map(
        (each: { idempotency_key: string }) => each.idempotency_key,
      ),
    ).toEqual(['race', 'order-1'])
    const balance = await json('balance')
    expect(balance).toMatchObject({
      address: home.key.address,
      network: 'local',
      chainId: 31337,
      nonce: '2',
    })
    const doctor = await keyward('doctor')
    expect(doctor.stdout).toContain('keyward-dev can send.')
    expect(doctor.stdout).toMatch(
      /^ok {2}sender's trust +one endpoint is enough on the local chain$/m,
    )
    expect(doctor.stdout).not.toContain('at least two providers')
    expect(doctor.code).toBe(0)
    expect(await json('status')).toMatchObject({
      policy: { mode: 'enforce', guardTable: expect.stringMatching(/Guard/) },
      // A user may not read the template, which names the users.
      unguarded: null,
    })
    const late = await keyward('tx', 'speed-up', 'order-1')
    expect(late.stderr).toMatch(
      /Error: Transaction \w{40} \(mined\) can't be changed: /,
    )
  }, 60_000)

  test('what is asked for wrongly is refused in words', async () => {
    const some = ['send', '--to', to, '--amount', '1']
    const cases: [string[], string][] = [
      [['send', '--to', to], 'amount: is missing'],
      [
        ['send', '--to', to, '--amount', '1000'],
        ' ether, but the amount plus the maximum fee is 1000',
      ],
      [[...some, '--key', 'alias/x'], '--key needs --ledger'],
      [
        [...some, '--ledger', 't', '--stack', 's'],
        "--ledger can't be used with",
      ],
      [['tx', 'show', 'nothing'], 'Error: There is no transaction'],
      [['balance', '0x12'], 'address'],
    ]
    for (const [args, message] of cases) {
      const { code, stderr } = await keyward(...args)
      expect([args, stderr]).toEqual([args, expect.stringContaining(message)])
      expect(code).not.toBe(0)
    }
    const dry = await json('send', '--to', to, '--amount', '1', '--dry-run')
    expect(dry).toMatchObject({
      ...{ dryRun: true, from: home.key.address },
      quote: { gas: '21000', nonce: expect.stringMatching(/^\d+$/) },
    })
    const { max_fee_wei, max_total_wei, balance_wei, max_fee_per_gas } =
      dry.quote
    expect(BigInt(max_fee_wei)).toBe(21_000n * BigInt(max_fee_per_gas))
    expect(BigInt(max_total_wei)).toBe(10n ** 18n + BigInt(max_fee_wei))
    expect(BigInt(balance_wei)).toBe(await balanceOf(home.key.address))
    const short = await keyward(
      ...['send', '--to', to, '--amount', '1000', '--dry-run'],
    )
    expect([short.code, short.stdout]).toEqual([
      1,
      expect.stringMatching(/insufficient funds|less than the total/i),
    ])
    // The home's stack has a policy.
    expect(short.stderr).toContain("The stack's policy was not evaluated")
  }, 60_000)

  test('an account without a wei hears of the fee as well', async () => {
    const before = await balanceOf(home.key.address)
    const url = home.ready.rpcUrl ?? ''
    await giveEther(url, home.key.address, 0n)
    // A balance that the sender has read is believed for a second.
    await pause(1100)
    const { stderr } = await keyward('send', '--to', to, '--amount', '1')
    await giveEther(url, home.key.address, before)
    const [, total = ''] =
      /has 0 ether, but the amount plus the maximum fee is (\S+) ether\.\n/.exec(
        stderr,
      ) ?? []
    expect(EtherAmount.toWei(total)).toBeGreaterThan(10n ** 18n)
    expect(stderr).toContain(`Send ${total} ether or more`)
  }, 60_000)

  test('tx list --since and --csv', async () => {
    const { transactions: all } = await json('tx', 'list', '--limit', '100')
    expect(all.length).toBeGreaterThan(1)
    const csv = await keyward('tx', 'list', '--since', '1h', '--csv')
    const [header, ...rows] = csv.stdout.trim().split('\n')
    expect(header).toMatch(
      /^created_at,updated_at,status,final,transaction_id,/,
    )
    expect(rows.map((row) => row.split(',')[4])).toEqual(
      all.map((each: { transaction_id: string }) => each.transaction_id),
    )
    const future = await json('tx', 'list', '--since', '2999-01-01')
    expect(future).toEqual({ transactions: [], next: null })
    const [newest] = all as { transaction_id: string; created_at: string }[]
    const one = await json('tx', 'list', '--since', newest?.created_at ?? '')
    expect(one.transactions).toMatchObject([
      { transaction_id: newest?.transaction_id },
    ])
    const both = await keyward('tx', 'list', '--csv', '--json')
    expect(both.code).toBe(2)
  })

  test('another chain than the one of the stack is refused', async () => {
    const before = await json('balance')
    const verbs = [
      ['send', '--to', to, '--amount', '0.1'],
      ['send', '--to', to, '--amount', '0.1', '--dry-run'],
      ['sweep', '--to', to],
      ['tx', 'list'],
      ['tx', 'show', 'order-1'],
      ['tx', 'watch', 'order-1'],
      ['tx', 'speed-up', 'order-1'],
      ['tx', 'cancel', 'order-1'],
      ['tx', 'reconcile'],
      ['tx', 'repair', '--dry-run'],
    ]
    const refusal = {
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^\S.*\nError: The function keyward-dev-sender sends on local \(31337\), but you chose sepolia \(11155111\)\.\nNothing was sent\./,
      ),
    }
    for (const [at, verb] of verbs.entries()) {
      const byFlag = at % 2 === 0
      const ran = byFlag
        ? await keyward(...verb, '--network', 'sepolia')
        : await runCli(verb, { env: { ...env, ETH_NETWORK: '11155111' } })
      expect({ verb, ...ran }).toEqual({ verb, ...refusal })
    }
    expect(await json('balance')).toEqual(before)
    const same = await keyward('tx', 'list', '--network', 'local')
    expect({ code: same.code, stderr: same.stderr }).toEqual({
      code: 0,
      stderr: expect.not.stringContaining('Error'),
    })
  }, 120_000)

  test('each call until here is one that AWS would read', () => {
    const { operations, violations } = findViolations(home.calls())
    expect(violations).toEqual([])
    expect(operations).toEqual(
      expect.arrayContaining(['dynamodb:Query', 'kms:Sign', 'lambda:Invoke']),
    )
  })

  test('a chain that lost its blocks is named at the next start', async () => {
    await home.stop()
    await rm(join(home.dataDir, 'chain'), { recursive: true })
    const again = await startLocalHome({ dataDir: home.dataDir })
    await expect
      .poll(() => again.stderr())
      .toMatch(
        /The ledger keyward-dev-\S+ is ahead of the chain: it has settled 2 transactions from 0x\w{40}, but the chain has only 0\..*keyward local --reset/,
      )
    await again.stop()
  }, 60_000)
})
