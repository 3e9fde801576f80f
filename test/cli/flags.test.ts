import { Operation, ReconcilerOperation } from '@keyward/sender'
import { Settings } from '@keyward/toolkit/deploy'
import {
  adoptFields,
  type FieldNames,
  fieldsOf,
  listFields,
  referenceOf,
  sendFields,
  speedUpFields,
} from '@keyward/toolkit/send'
import { describe, expect, test, vi } from 'vitest'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import { testTerminal } from '../support/testTerminal.js'

type Command = ReturnType<typeof createProgram>

// What people type, as the functions and the stack get it. Each flag has a row:
// the field that it becomes, or that it is the command's own.

/** Which sender is meant and how it is told: nothing of it is in an event. */
const sender = [
  ...['--stack', '--ledger', '--key', '--network', '--rpc-url', '--json'],
]
const caller = [...sender, '--caller']
const waiting = ['--timeout', '--yes']

/** Flags that become no field of an event. */
const own: Record<string, readonly string[]> = {
  send: [
    ...[...caller, ...waiting, '--new-ledger', '--no-wait', '--dry-run'],
    // They become the call data.
    ...['--token', '--call'],
    // Names of once.
    ...['--max-fee', '--max-priority-fee'],
  ],
  sweep: [
    ...[...caller, ...waiting, '--new-ledger', '--dry-run'],
    // The plan's.
    ...['--to', '--token', '--skip', '--max-fee-per-gas', '--max-fee'],
  ],
  'tx list': [...caller, '--since', '--csv'],
  'tx show': caller,
  'tx watch': [...caller, '--timeout'],
  'tx speed-up': [...caller, '--yes', '--max-fee'],
  'tx cancel': [...caller, '--yes'],
  'tx reconcile': [...caller, '--yes'],
  'tx repair': [...sender, '--yes', '--dry-run'],
  'tx adopt': [...sender, '--yes'],
  deploy: [
    ...['--stack', '--rpc-url', '--context', '--settings', '--new-ledger'],
    '--policy',
    ...[
      '--allow-new-account',
      '--no-coordinator',
      '--safe-file',
      '--max-fee',
      '--verbose',
      '--dry-run',
      '--yes',
      '--json',
    ],
  ],
}
const fields: Record<string, FieldNames> = {
  send: sendFields,
  'tx list': listFields,
  'tx speed-up': speedUpFields,
  'tx adopt': adoptFields,
  deploy: Object.fromEntries(
    Object.entries(Settings.names).map(([name, setting]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      setting,
    ]),
  ),
}

function find(program: Command, path: string): Command {
  return path.split(' ').reduce((at, name) => {
    const found = at.commands.find((each) => each.name() === name)
    if (found === undefined) throw new Error(`no command ${path}`)
    return found
  }, program)
}

// What each of them would do with what was typed.
const got = vi.hoisted(() => ({
  // biome-ignore lint/suspicious/noExplicitAny: each command has options of its own.
  options: {} as any,
  end: new Error('What was typed is read.'),
}))
const keep = vi.hoisted(() => async (_: unknown, options: object) => {
  got.options = { ...options }
  throw got.end
})
vi.mock('@keyward/toolkit/send', async (original) => ({
  ...(await original<typeof import('@keyward/toolkit/send')>()),
  sendTransaction: keep,
  speedUpTransaction: keep,
  listTransactions: keep,
  adoptTransaction: keep,
}))
vi.mock('../../packages/cli/src/commands/stack/deployStack.js', () => ({
  deployStack: keep,
}))

/** What the command gets, by commander and the readers of its inputs. */
async function parse(path: string, ...args: string[]) {
  const program = createProgram(testTerminal(), () => {})
  const argv = ['node', 'keyward', ...path.split(' '), ...args]
  await expect(program.parseAsync(argv)).rejects.toBe(got.end)
  return got.options
}

test.each(Object.keys(own))('each flag of keyward %s has a row', (path) => {
  const program = createProgram(testTerminal(), () => {})
  const { options } = find(program, path)
  const rows = Object.keys(fields[path] ?? {}).filter((row) => row[0] === '-')
  expect([...rows, ...(own[path] ?? [])].sort()).toEqual(
    options.map(({ long }) => long).sort(),
  )
})

test('no command that makes an event is left out', () => {
  const program = createProgram(testTerminal(), () => {})
  const tx = find(program, 'tx').commands.map((each) => `tx ${each.name()}`)
  expect(Object.keys(own).filter((path) => path.startsWith('tx '))).toEqual(tx)
})

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const required = ['--to', to, '--amount', '0', '--idempotency-key', 'k']
const limits = { chainId: 1, allowCreation: true }

describe('send', () => {
  const rows: Record<keyof typeof sendFields, [string | true, object]> = {
    '--idempotency-key': ['order-1', { idempotencyKey: 'order-1' }],
    '--to': [to, { to: to.toLowerCase() }],
    '--amount': ['0.5', { value: 5n * 10n ** 17n }],
    '--value-wei': ['7', { value: 7n }],
    '--data': ['0xAB', { data: '0xab' }],
    '--gas': ['21001', { gas: 21001n }],
    '--speed': ['fast', { speed: 'fast' }],
    '--max-fee-per-gas': ['9', { maxFeePerGas: 9n }],
    '--max-priority-fee-per-gas': ['3', { maxPriorityFeePerGas: 3n }],
    '--exact-fee': [true, { exactFee: true }],
    '--valid-until': ['2026-12-01T00:00:00Z', { validUntil: 1796083200000 }],
    '--not-a-repeat': [true, { notARepeat: true }],
  }
  test.each(Object.entries(rows))('%s', async (flag, [value, expected]) => {
    const before = required.filter(
      (_, at) =>
        required[at - (at % 2)] !== flag &&
        !(flag === '--value-wei' && required[at - (at % 2)] === '--amount'),
    )
    const fee = flag === '--exact-fee' ? ['--max-fee-per-gas', '9'] : []
    const typed = value === true ? [flag] : [flag, value]
    const read = (args: string[]) =>
      parse('send', ...args).then((options) =>
        Operation.fromEvent(
          { ...fieldsOf(sendFields, options), operation: 'send' },
          limits,
        ),
      )
    const plain = await read([...required, ...fee])
    expect(await read([...before, ...fee, ...typed])).toEqual({
      operation: 'send',
      request: { ...(plain as { request: object }).request, ...expected },
    })
  })
})

test.each([
  ['--amount', '0.5ether', { value: 5n * 10n ** 17n }],
  ['--amount', '5gwei', { value: 5n * 10n ** 9n }],
  ['--max-fee-per-gas', '2gwei', { maxFeePerGas: 2n * 10n ** 9n }],
  ['--max-fee-per-gas', '1.5 gwei', { maxFeePerGas: 15n * 10n ** 8n }],
] as const)('send %s %s', async (flag, typed, expected) => {
  const rest = required.filter((_, at) => required[at - (at % 2)] !== flag)
  const options = await parse('send', ...rest, flag, typed)
  const event = { ...fieldsOf(sendFields, options), operation: 'send' }
  expect(Operation.fromEvent(event, limits)).toMatchObject({
    request: expected,
  })
})

test('tx speed-up, list and adopt', async () => {
  const faster = await parse(
    ...([
      'tx speed-up',
      'order-1',
      '--speed',
      'slow',
      '--max-fee-per-gas',
      '5wei',
      '--gas',
      '90000',
    ] as const),
  )
  const reference = referenceOf('order-1')
  expect(
    Operation.fromEvent(
      {
        ...{ ...fieldsOf(speedUpFields, faster), ...reference },
        operation: 'speed_up',
      },
      limits,
    ),
  ).toEqual({
    operation: 'speed_up',
    reference: { idempotencyKey: 'order-1' },
    speed: 'slow',
    maxFeePerGas: 5n,
    gas: 90_000n,
  })
  const after = `1-${'ab'.repeat(20)}`
  const listed = await parse(
    ...(['tx list', '--limit', '7', '--after', after] as const),
    ...['--status', 'sent'],
  )
  expect(
    Operation.fromEvent(
      { ...fieldsOf(listFields, listed), operation: 'list' },
      limits,
    ),
  ).toEqual({ operation: 'list', limit: 7, after, status: 'sent' })
  const hash = `0x${'ab'.repeat(32)}`
  const adopted = await parse('tx adopt', hash, '--caller', '*', '--as', 'k')
  expect(
    ReconcilerOperation.fromEvent({
      ...fieldsOf(adoptFields, adopted),
      operation: 'adopt',
    }),
  ).toEqual({
    operation: 'adopt',
    request: { hash, caller: '*', idempotencyKey: 'k' },
  })
  expect(referenceOf('ab'.repeat(20))).toEqual({
    transaction_id: 'ab'.repeat(20),
  })
})

test('deploy: each flag becomes its setting', async () => {
  const given = Object.entries(fields.deploy ?? {}).map(
    ([flag, setting], at) => {
      const choices: Record<string, string> = {
        '--origin': 'EXTERNAL',
        '--log-level': 'DEBUG',
        '--concurrency': '5',
      }
      return [flag, setting, choices[flag] ?? `value-${at}`] as const
    },
  )
  const options = await parse(
    'deploy',
    ...given.flatMap(([flag, , value]) => [flag, value]),
  )
  const lists = ['admin', 'user', 'importer', 'break-glass', 'deployer']
  const isList = (flag: string) =>
    [...lists, 'invoker', 'owner', 'proposer', 'ledger-writer'].includes(
      flag.slice(2),
    )
  expect(Settings.fromFlags(options)).toEqual(
    Object.fromEntries(
      given.map(([flag, setting, value]) => [
        setting,
        flag === '--concurrency' ? 5 : isList(flag) ? [value] : value,
      ]),
    ),
  )
})
