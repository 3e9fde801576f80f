import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { templateNames } from '@keyward/guard/authoring'
import { encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import { runInProcess } from '../support/runInProcess.js'
import { testTerminal } from '../support/testTerminal.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward policy '))
const acme = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
const thief = '0xbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbdbd'
const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

const run = (args: readonly string[], input = '') =>
  runInProcess(['policy', ...args], {}, { cwd: folder, input })
const write = (name: string, value: unknown) =>
  writeFileSync(
    join(folder, name),
    typeof value === 'string' ? value : JSON.stringify(value),
  )
const read = (name: string) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
    mode: string
    rules: object[]
  }

const transfer = (to: string, amount: bigint) => ({
  kind: 'transaction',
  transaction: {
    ...{ chainId: 1, nonce: 1, gas: 65_000, to: usdc },
    ...{ maxFeePerGas: '30000000000', maxPriorityFeePerGas: '1000000000' },
    data: encodeFunctionData({
      abi: parseAbi(['function transfer(address to, uint256 amount)']),
      args: [to as `0x${string}`, amount],
    }),
  },
})
const payment = transfer(acme, 1_250_500_000n)
const theft = transfer(thief, 1n)

beforeAll(async () => {
  const made = await run([
    ...['init', 'payouts', '--out', 'payouts.json', '--mode', 'enforce'],
    ...['--payee', `ACME=${acme}`],
  ])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  write('request.json', payment)
  write('theft.json', theft)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('init', () => {
  test.each(['*', 'a b', '$(id)', 'status', 'admin', 'clock', '12'])(
    '%j is not a caller',
    async (caller) => {
      const ran = await run(['init', 'payouts', '--caller', caller])
      expect(ran).toMatchObject({ code: 2, stdout: '' })
      expect(ran.stderr).toContain('--caller')
      expect(ran.stderr).toContain('allowed: the name of an alias')
    },
  )

  test('a caller that is given twice is refused', async () => {
    const twice = ['--caller', 'a', '--caller', 'a']
    const ran = await run(['init', 'payouts', ...twice])
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain('--caller "a" was given twice.')
  })

  test('with two callers says why they share windows', async () => {
    const { stdout } = await run([
      ...['init', 'payouts', '--caller', 'payouts', '--caller', 'refunds'],
    ])
    const [first] = JSON.parse(stdout).rules
    expect(first.note.join(' ')).toContain(
      'The callers share the windows without "per"',
    )
    write('two.json', stdout)
    const linted = await run(['lint', 'two.json'])
    expect(linted.stdout.replace(/\s+/g, ' ')).toContain(
      'If the limit is for all callers together, keep the window.',
    )
    const one = await run(['init', 'payouts', '--caller', 'payouts'])
    expect(one.stdout).not.toContain('share')
  })

  test('has each template, to standard output, in shadow mode', async () => {
    const program = createProgram(testTerminal(), () => {})
    const command = program.commands
      .find((each) => each.name() === 'policy')
      ?.commands.find((each) => each.name() === 'init')
    expect(command?.registeredArguments[0]?.argChoices).toEqual(templateNames)
    for (const name of templateNames) {
      const { code, stdout } = await run(['init', name, '--chain', '8453'])
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ name, mode: 'shadow' })
      expect(stdout).toContain('"chains": [8453]')
    }
  })

  test.each<[string[], string[]]>([
    [['--payee', `ACME=${acme}`], ['Check the limits. Then run:']],
    [
      [],
      [
        'Replace 2 examples:',
        '  groups.payees[0].address',
        '  groups.payees[1].address',
        'Check the limits too. Then run:',
      ],
    ],
    [
      ['--chain', '31337', '--payee', `ACME=${acme}`],
      [
        'Replace 1 example:',
        '  tokens.USDC.address',
        'Check the limits too. Then run:',
      ],
    ],
  ])('with %j names the examples to replace', async (args, told) => {
    const made = await run(['init', 'payouts', ...args, '--out', 'named.json'])
    rmSync(join(folder, 'named.json'))
    expect(made.stdout.split('\n')).toEqual([
      'Wrote named.json from the template payouts, in shadow mode.',
      ...told,
      '  keyward policy lint named.json',
      '  keyward policy explain named.json',
      '',
    ])
  })

  test('takes several callers, and the example of its help passes lint', async () => {
    const { stdout: help } = await run(['init', '--help'])
    const [, example = ''] = /(init payouts --chain[^>]+)--out/.exec(help) ?? []
    const words = example.replaceAll('\\', '').split(/\s+/).filter(Boolean)
    const made = await run([...words, '--caller', 'payroll'])
    const { rules } = JSON.parse(made.stdout)
    for (const { callers } of rules)
      expect(callers).toEqual(['payouts', 'payroll'])
    write('several.json', JSON.parse(made.stdout))
    expect(await run(['lint', 'several.json'])).toMatchObject({ code: 0 })
  })

  test.each<[string[], string]>([
    [['payouts', '--out', 'payouts.json'], 'already exists'],
    [['payouts', '--token', 'USDC'], 'is not a valid token'],
    [['payouts', '--payee', 'ACME=0x12'], 'is not a valid payee'],
    [['payouts', '--payee', `ACME=${acme.replace('bD', 'bd')}`], 'checksum'],
    [['trading-desk', '--token', `USDC=${usdc}:6`], 'needs 2 tokens'],
    [
      ['payouts', '--token', `A=${usdc}:6`, '--token', `A=${acme}:6`],
      'the symbol "A" was given twice',
    ],
    [['nosuch'], 'payouts, bridge-relayer'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(['init', ...args])
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})

describe('check', () => {
  test('a payment is allowed, in words', async () => {
    const ran = await run([
      ...['check', 'payouts.json', '--request', 'request.json'],
      ...['--caller', 'payouts'],
    ])
    expect(ran).toEqual({
      code: 0,
      stderr: '',
      stdout: `ALLOWED by rule pay-token

  transfer 1,250.5 USDC to 0x8ba1...BA72 (ACME)
  allowed by pay-token

Windows
  usdc-day: 0 USDC before, 1,250.5 USDC after, at most 20,000 USDC in any 24
      hours
  native-day: 0 ETH before, 0.00195 ETH after, at most 1 ETH in any 24 hours,
      including maximum fees
  requests-hour of payouts: 0 requests before, 1 request after, at most 200
      requests in any 60 minutes
`,
    })
  })

  test('a theft is denied, with what came and what is allowed', async () => {
    const ran = await run([
      ...['check', 'payouts.json', '--request', 'theft.json'],
      ...['--caller', 'payouts'],
    ])
    expect(ran).toEqual({
      code: 1,
      stderr: '',
      stdout: `DENIED

  transfer 0.000001 USDC to 0xBDbD...BDbD
  refused

Why
  the request, rule pay-token: recipients
    got      0xBDbD...BDbD
    allowed  payees
`,
    })
  })

  test('a question has its own caller and facts', async () => {
    const spent = [{ window: 'usdc-day', scope: {}, amount: '19000000000' }]
    const question = { request: payment, caller: 'payouts', facts: { spent } }
    const args = ['check', 'payouts.json', '--request', '-', '--json']
    const ran = await run([...args, '--caller', 'x'], JSON.stringify(question))
    expect(ran.code).toBe(1)
    expect(JSON.parse(ran.stdout)).toMatchObject({
      ...{ decision: 'deny', rule: 'pay-token', reservations: [] },
      reasons: [
        {
          path: 'windows[usdc-day]',
          came: '1,250.5 USDC on top of 19,000 USDC already counted',
          allowed: '20,000 USDC in any 24 hours',
        },
      ],
    })
  })

  const lines = async (text: string) => {
    const ran = await run(['check', 'payouts.json', '--json'], text)
    const answers = ran.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Answer)
    return { code: ran.code, answers }
  }
  type Answer = {
    decision: string
    rule: string | null
    reasons: { path: string }[]
  }
  const allowed = JSON.stringify({ request: payment, caller: 'payouts' })
  const denied = JSON.stringify({ request: theft, caller: 'payouts' })

  test.each<[string, string, number]>([
    ['none', '', 0],
    ['one that is allowed', `${allowed}\n`, 0],
    ['one that is denied', denied, 1],
    ['two, whatever is decided', `${allowed}\n${denied}\n`, 0],
    ['two, of which one is bad', `${allowed}\n{}\n`, 1],
  ])('exit code of %s', async (_, text, expected) => {
    expect((await lines(text)).code).toBe(expected)
  })

  test("a line that can't be read is denied, and the next is answered", async () => {
    const bad = [
      ...['', 'x', '[]', '{}', '{"request":{"kind":"digest"},"more":1}'],
      '{"request":{"kind":"digest"},"request":{"kind":"digest"}}',
      `${'['.repeat(100_000)}`,
      '{"request":{"kind":"typedData","typedData":{}}}',
    ]
    const { answers } = await lines(`${bad.join('\n')}\n${allowed}\r\n`)
    expect(answers.map(({ decision }) => decision)).toEqual([
      ...bad.map(() => 'deny'),
      'allow',
    ])
    for (const { rule, reasons } of answers.slice(0, -1)) {
      expect(rule).toBeNull()
      expect(reasons.length).toBeGreaterThan(0)
      expect(new Set(reasons.map(({ path }) => path))).toEqual(
        new Set(['line']),
      )
    }
  })

  test('a line can be only a request, as a file can, and --caller applies', async () => {
    const text = `${JSON.stringify(payment)}\n${denied}\n`
    const args = ['check', 'payouts.json', '--json']
    const ran = await run([...args, '--caller', 'payouts'], text)
    expect(ran.code).toBe(0)
    expect(
      ran.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).rule),
    ).toEqual(['pay-token', null])
    const alone = await run([...args, '--caller', 'x'], allowed)
    expect(alone.code).toBe(0)
  })

  test('many lines are answered one by one, in their order', async () => {
    const count = 2000
    const text = `${allowed}\n${denied}\n`.repeat(count / 2)
    const { answers } = await lines(text)
    expect(answers.length).toBe(count)
    expect(
      answers.every(
        ({ decision }, at) => decision === (at % 2 === 0 ? 'allow' : 'deny'),
      ),
    ).toBe(true)
  })

  test.each<[string[], string]>([
    [['check', 'payouts.json'], 'no request was given'],
    [['check', 'nosuch.json', '--json'], 'The file does not exist.'],
    [['check', 'theft.json', '--json'], 'kind: is not a known field'],
    [
      ['check', 'payouts.json', '--request', 'payouts.json'],
      'version: is not a known field',
    ],
  ])('%j is used wrongly', async (args, message) => {
    const { code, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})

test('lint refuses the examples, and finds nothing else but shadow mode', async () => {
  expect(await run(['lint', 'payouts.json'])).toEqual({
    ...{ code: 0, stderr: '', stdout: 'No problems found.\n' },
  })
  await run(['init', 'payouts', '--out', 'examples.json'])
  const ran = await run(['lint', 'examples.json'])
  expect(ran.code).toBe(1)
  expect(
    ran.stdout,
  ).toContain(`error    groups.payees[0].address (example-address)
         0x7099...79C8 is an example address.
         Its private key is public, so anyone can take money that is sent to it.
         Replace it with your own address.
`)
  expect(ran.stdout).toMatch(/\n2 errors, 1 warning\.\n$/)
})

test('explain says who, what, whom and how much', async () => {
  const { code, stdout } = await run(['explain', 'payouts.json'])
  expect(code).toBe(0)
  expect(stdout).toContain(`allow  pay-token
  who       payouts
  what      call transfer(address,uint256) of USDC
  chain     1
  to        payees: 0x8ba1...BA72 (ACME)
  at most   5,000 USDC
  per day   20,000 USDC (usdc-day)
  per day   1 ETH (native-day)
  per hour  200 requests (requests-hour)
  fee       at most 0.02 ETH
`)
  expect(stdout).toContain('  - bare digests, which nobody can read\n')
  expect(stdout.split('\n').every(({ length }) => length <= 80)).toBe(true)
})

describe('test', () => {
  const asked = { request: payment, caller: 'payouts' }
  const cases = [
    { ...asked, name: 'ACME is paid', expect: 'allow', rule: 'pay-token' },
    { ...asked, request: theft, name: 'a thief is not', expect: 'deny' },
  ]

  test('passes what is as expected', async () => {
    write('cases.json', cases)
    expect(await run(['test', 'payouts.json', 'cases.json'])).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: `ok      ACME is paid
ok      a thief is not
2 of 2 cases passed.
`,
    })
  })

  test.each<[string, object, string]>([
    ['another decision', { expect: 'deny' }, 'expected deny, got allow'],
    [
      'another rule',
      { rule: 'pay-native' },
      'expected rule pay-native, got rule pay-token',
    ],
    ['no rule', { rule: null }, 'expected no rule, got rule pay-token'],
    [
      "a request that can't be read",
      { request: { kind: 'transaction' }, expect: 'deny' },
      'the case is invalid',
    ],
  ])('fails %s', async (_, more, message) => {
    write('cases.json', [{ ...cases[0], ...more }])
    const { code, stdout } = await run(['test', 'payouts.json', 'cases.json'])
    expect(code).toBe(1)
    expect(stdout).toContain(message)
    expect(stdout).toContain('0 of 1 cases passed.')
  })

  test('no cases are no test, and what is no case is refused', async () => {
    write('cases.json', [])
    expect((await run(['test', 'payouts.json', 'cases.json'])).code).toBe(1)
    write('cases.json', [{ ...cases[0], expct: 'allow' }])
    const { code, stderr } = await run(['test', 'payouts.json', 'cases.json'])
    expect(code).toBe(2)
    expect(stderr).toContain('cases[0].expct: is not a known field')
  })
})

describe('--abi', () => {
  const swap = {
    type: 'function',
    name: 'swap',
    inputs: [
      { name: 'amountIn', type: 'uint256' },
      {
        name: 'route',
        type: 'tuple[]',
        components: [{ name: 'pool', type: 'address' }],
      },
    ],
  }

  test('adds the functions of an artefact', async () => {
    const policy = read('payouts.json')
    const rule = {
      ...{ id: 'swap', callers: ['payouts'], chains: [1] },
      call: {
        to: [acme],
        functions: ['swap(uint256,(address)[])'],
        args: { amountIn: { atMost: '5' } },
        spends: [{ asset: 'USDC', amount: 'amountIn' }],
      },
      windows: ['usdc-day', 'native-day'],
    }
    write('desk.json', { ...policy, rules: [...policy.rules, rule] })
    write('Router.json', { abi: [swap, { type: 'event', name: 'Swapped' }] })
    expect((await run(['lint', 'desk.json'])).code).toBe(2)
    expect(await run(['lint', 'desk.json', '--abi', 'Router.json'])).toEqual({
      ...{ code: 0, stderr: '', stdout: 'No problems found.\n' },
    })
  })

  test.each<[string, unknown, string]>([
    ['no list', { abi: {} }, 'It must be a JSON array of entries'],
    ['no name', [{ type: 'function' }], 'is a function without a name'],
    [
      'no types',
      [{ ...swap, inputs: [{ name: 'a' }] }],
      'The inputs of the function "swap" are not a list',
    ],
  ])('with %s names the file', async (_, abi, message) => {
    write('bad.json', abi)
    const { code, stderr } = await run([
      ...['explain', 'payouts.json', '--abi', 'bad.json'],
    ])
    expect(code).toBe(2)
    expect(stderr).toContain('--abi "bad.json" is not a valid ABI.')
    expect(stderr).toContain(message)
  })
})

describe('policy functions', () => {
  const abi = [
    {
      ...{ type: 'function', name: 'swapAll', stateMutability: 'nonpayable' },
      inputs: [{ name: 'minOut', type: 'uint256' }],
    },
    { type: 'function', name: 'price', stateMutability: 'view', inputs: [] },
    { type: 'event', name: 'Swapped', inputs: [] },
  ]
  const rule = {
    ...{ id: 'swap', chains: [1] },
    call: { to: [usdc], functions: ['swapAll'], spends: 'unknown' },
  }
  const add = (...more: string[]) =>
    run(['functions', 'desk.json', '--abi', 'router.json', ...more])

  test('writes what a rule names into the policy, once', async () => {
    write('router.json', { abi })
    write('desk.json', { version: 1, rules: [rule] })
    // Alone it knows no such function.
    expect((await run(['explain', 'desk.json'])).code).toBe(2)
    const before = readFileSync(join(folder, 'desk.json'), 'utf8')
    expect((await add('--dry-run')).stdout).toContain('swapAll(uint256 minOut)')
    expect(readFileSync(join(folder, 'desk.json'), 'utf8')).toBe(before)
    expect(await add('--json')).toMatchObject({ code: 0 })
    expect(read('desk.json')).toMatchObject({
      ...{ rules: [rule], functions: ['swapAll(uint256 minOut)'] },
    })
    expect((await run(['explain', 'desk.json'])).code).toBe(0)
    expect((await add()).stdout).toContain('Nothing was changed')
  })

  test('without an ABI says what to give', async () => {
    const ran = await run(['functions', 'desk.json'])
    expect(ran).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--abi FILE'),
    })
  })
})
