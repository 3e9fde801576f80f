import { encodeFunctionData, getAddress, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TypedData } from '../../packages/core/src/index.js'
import { encodeMultiSend } from '../../packages/guard/src/calls/index.js'
import {
  encodeExecution,
  latestDeployment,
  Proposal,
  SafeSignature,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { openProtocolKit } from '../support/safe/openProtocolKit.js'
import { openSafeHome, type SafeHome } from '../support/safe/openSafeHome.js'
import { loadProtocolKit } from '../support/safe/protocolKit.js'
import {
  deployOpenZeppelin,
  deployThief,
} from '../support/safe/testContracts.js'

// One treasury of three owners, from its creation on: the tests go on from each
// other. They are in one file for the home and the chain, which take the longest.

let home: SafeHome
let treasury: Hex
const payee = getAddress(`0x${'aa'.repeat(20)}`)
const thief: Hex = `0x${'bd'.repeat(20)}`
const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function transferOwnership(address newOwner)',
  'function swapOwner(address prevOwner, address oldOwner, address newOwner)',
])
const encode = (functionName: string, ...args: unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args } as never)

const file = ['--safe-file', 'treasury.safe.json']
const approve = (name: string, owner: number, ...more: string[]) =>
  home.safe(
    ...['approve', ...file, '--in', name, ...more],
    ...['--key', home.owners[owner]?.keyId ?? ''],
  )
const execute = (name: string, ...more: string[]) =>
  home.safe('execute', ...file, '--in', name, ...home.sending, ...more)
const propose = (name: string, ...more: string[]) =>
  home.safe('propose', ...file, '--out', name, ...more)
const balanceOf = async (address: string) =>
  BigInt(
    (await home.chain.anvil.call('eth_getBalance', [address, 'latest'])) as Hex,
  )

beforeAll(async () => {
  home = await openSafeHome()
}, 60_000)
afterAll(() => home?.close())

describe('a payment', () => {
  test('create shows the address first, and pins what it made', async () => {
    const args = [
      ...home.owners.flatMap(({ address }) => ['--owner', address]),
      ...['--threshold', '2', ...file],
    ]
    const plan = await home.safe('create', ...args, '--dry-run', '--json')
    const { safe, exists } = JSON.parse(plan.stdout)
    expect(exists).toBe(false)
    const salted = await home.safe(
      ...['create', ...args, '--salt-nonce', '7', '--dry-run', '--json'],
    )
    expect(JSON.parse(salted.stdout).safe).toMatch(/^0x\w{40}$/)
    expect(JSON.parse(salted.stdout).safe).not.toBe(safe)
    const made = await home.safe('create', ...args, ...home.sending, '--json')
    expect(made).toMatchObject({ code: 0 })
    expect(JSON.parse(made.stdout)).toMatchObject({ safe, threshold: 2 })
    treasury = safe
    await home.chain.fund(treasury, 10n ** 18n)
    expect(await home.read('treasury.safe.json')).toMatchObject({
      ...{ version: 1, chainId: 31337, safe },
      pins: { threshold: 2, modules: [] },
    })
    const again = await home.safe('create', ...args, ...home.sending)
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('already exists'),
    })
  })

  test('propose writes a bundle that nobody has signed', async () => {
    const ran = await propose('pay.json', '--to', payee, '--amount', '0.25')
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`sends 0.25 ETH to ${payee}`),
    })
    expect(ran.stderr).toContain('the Safe loses 0.25 ETH')
    expect(await home.read('pay.json')).toMatchObject({
      ...{ safe: treasury, to: payee, nonce: '0', confirmations: [] },
    })
  })

  test('what nobody can decode is written with its dangers', async () => {
    const data = `0x${'12'.repeat(32)}`
    const ran = await propose('raw.json', '--to', payee, '--data', data)
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain(
      'no-code, unknown-call (co-signers will refuse the proposal)',
    )
  })

  test('several calls are one batch, and a call to somewhere else is opened', async () => {
    await home.write('calls.json', [
      { to: payee, value: '1', data: '0x' },
      { to: thief, value: '2', data: '0x' },
    ])
    const batch = await propose('batch.json', '--batch', 'calls.json')
    expect(batch.stderr).toContain(`sends 0.000000000000000001 ETH to ${payee}`)
    expect(batch.stderr).toContain('sends 0.000000000000000002 ETH')
    const data = `0x${'12'.repeat(32)}`
    const opened = await propose(
      ...(['opened.json', '--to', payee, '--data', data] as const),
      ...['--open-call', payee],
    )
    expect(opened.stdout).not.toContain('unknown-call')
  })

  test('an owner approves by one signature, after the three hashes', async () => {
    const before = home.signs()
    const ran = await approve('pay.json', 0)
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 of 2'),
    })
    expect(home.signs() - before).toBe(1)
    const { domain, transaction } = await Proposal.fromBundle(
      await home.read('pay.json'),
    )
    for (const hash of Object.values(SafeTransaction.hash(domain, transaction)))
      expect(ran.stderr).toContain(hash)
    expect(await approve('pay.json', 0)).toMatchObject({ code: 0 })
    expect(home.signs() - before).toBe(1)
  })

  test('one signature does not execute it, and the status says who is missing', async () => {
    const ran = await execute('pay.json')
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      'The transaction has 1 of 2 required signatures.',
    )
    const shown = await home.safe('status', ...file, '--in', 'pay.json')
    expect(shown.code).toBe(0)
    expect(shown.stdout).toContain(
      `missing  ${getAddress(home.owners[1].address)}`,
    )
  })

  test("who is no owner can't approve", async () => {
    const before = home.signs()
    const { keyId } = home.relayer
    const ran = await home.safe(
      ...['approve', ...file, '--in', 'pay.json', '--key', keyId],
    )
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('docs/errors/not-an-owner.md'),
    })
    expect(home.signs()).toBe(before)
  })

  test('a bundle with another receiver is refused', async () => {
    const bundle = await home.read('pay.json')
    await home.write('forged.json', { ...bundle, to: getAddress(thief) })
    expect(await approve('forged.json', 1)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('docs/errors/proposal-mismatch.md'),
    })
    const { safeTxHash: _, ...rest } = bundle
    await home.write('forged.json', { ...rest, to: getAddress(thief) })
    expect(await approve('forged.json', 1)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('docs/errors/bad-confirmation.md'),
    })
  })

  test("two copies are joined, and Safe's protocol-kit takes the export", async () => {
    await home.safe('export', ...file, '--in', 'pay.json', '--out', 'b.json')
    const copy = { ...(await home.read('b.json')), confirmations: [] }
    await home.write('b.json', copy)
    expect(await approve('b.json', 1)).toMatchObject({ code: 0 })
    const ran = await home.safe(
      ...['import', ...file, 'pay.json', 'b.json', '--out', 'pay.json'],
      '--json',
    )
    expect(JSON.parse(ran.stdout).signed).toHaveLength(2)
    const { stdout } = await home.safe('export', ...file, '--in', 'pay.json')
    const { confirmations, ...bundle } = JSON.parse(stdout) as Proposal.Bundle
    const { EthSafeSignature } = await loadProtocolKit()
    const kit = await openProtocolKit(home.chain, { safe: treasury })
    const { to, value, nonce } = bundle
    const transaction = await kit.createTransaction({
      transactions: [{ to, value, data: bundle.data ?? '0x' }],
      options: { nonce: Number(nonce) },
    })
    for (const { owner, signature } of confirmations)
      transaction.addSignature(new EthSafeSignature(owner, signature))
    expect(await kit.getTransactionHash(transaction)).toBe(bundle.safeTxHash)
    expect(await kit.isValidTransaction(transaction)).toBe(true)
    const calldata = await home.safe(
      ...['export', ...file, '--in', 'pay.json', '--calldata', '--json'],
    )
    expect(JSON.parse(calldata.stdout)).toMatchObject({
      to: treasury,
      data: await kit.getEncodedTransaction(transaction),
      signatures: transaction.encodedSignatures(),
    })
  })

  test('an owner does not send it', async () => {
    const { keyId } = home.owners[2]
    const ran = await home.safe(
      ...['execute', ...file, '--in', 'pay.json', '--ledger', 'relayer'],
      ...['--key', keyId, '--new-ledger'],
    )
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('docs/errors/relayer-is-owner.md'),
    })
  })

  test('it is executed once, however often it is asked for', async () => {
    const before = home.signs()
    // In soak these two are processes at the same time.
    const ran = await Promise.all([
      execute('pay.json', '--json'),
      execute('pay.json', '--json'),
    ])
    expect(ran).toMatchObject([{ code: 0 }, { code: 0 }])
    const [done, same] = ran.map(({ stdout }) => JSON.parse(stdout))
    expect(done).toMatchObject({ status: 'executed' })
    expect(same).toEqual(done)
    expect(home.signs() - before).toBe(1)
    expect(await balanceOf(payee)).toBe(25n * 10n ** 16n)
    const shown = await home.safe('status', ...file, '--in', 'pay.json')
    expect(shown.stdout).toContain(`executed in block ${done.block}`)
    expect(await approve('pay.json', 2)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('docs/errors/safe-nonce.md'),
    })
  })
})

describe('thefts are refused by an owner alone', () => {
  test.each<
    [string, string, () => Promise<Partial<SafeTransaction.SafeTransaction>>]
  >([
    [
      'a delegatecall that rewrites slot 0',
      'slot 0',
      async () => ({
        to: (await deployThief(home.chain, 'slot0Writer')).toLowerCase() as Hex,
        operation: 1,
        data: encode('transfer', thief, 0n),
      }),
    ],
    [
      'an ownership handed over within a batch',
      'ownership (call 1): transferOwnership (0xf2fde38b)',
      async () => ({
        to: latestDeployment.callOnlyBatch,
        operation: 1,
        data: encodeMultiSend([
          { to: payee, value: 1n, data: '0x' },
          {
            to: await deployOpenZeppelin(home.chain, 'ProxyAdmin'),
            value: 0n,
            data: encode('transferOwnership', thief),
          },
        ]),
      }),
    ],
    [
      "an owner's swap",
      'owners: swapOwner (0xe318b52b)',
      async () => ({
        to: treasury.toLowerCase() as Hex,
        data: encode(
          'swapOwner',
          home.owners[0].address,
          home.owners[1].address,
          thief,
        ),
      }),
    ],
  ])('%s', async (_, reason, given) => {
    const before = home.signs()
    const domain = { chainId: 31337, safe: treasury.toLowerCase() as Hex }
    const transaction = SafeTransaction.create({
      ...{ to: thief, nonce: 1n },
      ...(await given()),
    })
    const proposal = Proposal.create(domain, transaction)
    await home.write('theft.json', Proposal.toBundle(proposal))
    const ran = await approve('theft.json', 0, '--yes')
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('docs/errors/dangerous-transaction.md')
    expect(ran.stderr.replace(/\s+/g, ' ')).toContain(reason)
    expect(home.signs()).toBe(before)
  })
})

describe('what is signed stays valid until the nonce moves', () => {
  test('a rejection takes its place, and both are shown as alternatives', async () => {
    const args = ['--to', payee, '--amount', '0.5']
    expect(await propose('big.json', ...args)).toMatchObject({ code: 0 })
    await approve('big.json', 0)
    await approve('big.json', 1)
    const rejected = await home.safe(
      ...['reject', ...file, '--nonce', '1', '--out', 'no.json'],
    )
    expect(rejected.code).toBe(0)
    expect(rejected.stderr).toContain('stays valid until')
    await approve('no.json', 1)
    await approve('no.json', 2)
    const shown = await home.safe(
      ...['status', ...file, '--in', 'big.json', 'no.json', '--json'],
    )
    const { proposals } = JSON.parse(shown.stdout)
    expect(proposals[0].alternatives).toEqual([proposals[1].safeTxHash])
    expect(await execute('no.json')).toMatchObject({ code: 0 })
    expect(await execute('big.json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('docs/errors/safe-nonce.md'),
    })
    const after = await home.safe(
      ...['status', ...file, '--in', 'big.json', 'no.json'],
    )
    expect(after.stdout).toContain(`replaced by ${proposals[1].safeTxHash}`)
    expect(await balanceOf(payee)).toBe(25n * 10n ** 16n)
  })

  test('on its way it is not sent again, not with another signature either', async () => {
    await propose('slow.json', '--to', payee, '--amount', '0.1')
    for (const owner of [0, 1]) await approve('slow.json', owner)
    const { call } = home.chain.anvil
    await call('evm_setAutomine', [false])
    const before = home.signs()
    expect(await execute('slow.json', '--timeout', '1')).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('still pending'),
    })
    await approve('slow.json', 2)
    // Each pair of signatures is other bytes.
    for (const left of [0, 1, 2]) {
      const bundle = await home.read('slow.json')
      const confirmations = bundle.confirmations.toSpliced(left, 1)
      await home.write('pair.json', { ...bundle, confirmations })
      const ran = await execute('pair.json', '--timeout', '1')
      expect(ran.code).toBe(3)
    }
    expect(home.signs() - before).toBe(2)
    await call('evm_setAutomine', [true])
    await call('evm_mine', [])
    expect(await execute('slow.json')).toMatchObject({ code: 0 })
  })

  test('executed by somebody else it is known to be, and a failure is an error', async () => {
    await propose('open.json', '--to', payee, '--amount', '0.1')
    for (const owner of [0, 1]) await approve('open.json', owner)
    const { stdout } = await home.safe(
      ...['export', ...file, '--in', 'open.json', '--calldata', '--json'],
    )
    const { to, data } = JSON.parse(stdout)
    await home.chain.send({ to, data })
    expect(await execute('open.json')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('already executed'),
    })
    // With a gas limit of its own, what fails uses the nonce.
    const safe = treasury.toLowerCase() as Hex
    const domain = { chainId: 31337, safe }
    const transaction = SafeTransaction.create({
      ...{ to: payee, value: 10n ** 20n, nonce: 4n, safeTxGas: 50_000n },
    })
    let proposal = Proposal.create(domain, transaction)
    const typedData = SafeTransaction.toTypedData(domain, transaction)
    for (const { key, address: owner } of home.owners.slice(0, 2)) {
      const bytes = await TypedData.sign(key, typedData)
      proposal = Proposal.add(proposal, { kind: 'ecdsa', owner, bytes })
    }
    const bundle = SafeSignature.pack(proposal.signatures)
    const call = encodeExecution(transaction, bundle)
    await home.chain.send({ to: safe, data: call })
    await home.write('failed.json', Proposal.toBundle(proposal))
    expect(await execute('failed.json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('docs/errors/execution-failure.md'),
    })
    const shown = await home.safe('status', ...file, '--in', 'failed.json')
    expect(shown.stdout).toContain('FAILED in block')
  })

  test('what is opened by its name is shown, signed and executed; then the pins are old', async () => {
    const swap = encode(
      'swapOwner',
      home.owners[0].address,
      home.owners[1].address,
      home.relayer.address,
    )
    const open = ['--open', 'owners']
    await propose('swap.json', '--to', treasury, '--data', swap, ...open)
    const ran = await approve('swap.json', 0, ...open)
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Allowed dangers'),
    })
    // The relayer is no owner yet.
    await approve('swap.json', 1, ...open)
    expect(await execute('swap.json', ...open)).toMatchObject({ code: 0 })
    const status = await home.safe('status', ...file)
    expect(status.code).toBe(1)
    expect(status.stdout).toContain('NOT AS PINNED: owners changed from')
    const pay = ['--to', payee, '--amount', '0.1']
    expect(await propose('late.json', ...pay)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('docs/errors/safe-changed.md'),
    })
    const adopt = ['adopt', treasury, ...file, '--force']
    expect(await home.safe(...adopt)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no terminal to ask for confirmation'),
    })
    const adopted = await home.safe(...adopt, '--yes')
    expect(adopted.code).toBe(0)
    expect(adopted.stderr).toContain('Not as pinned: owners changed from')
    expect(await propose('late.json', ...pay)).toMatchObject({ code: 0 })
  })
})
