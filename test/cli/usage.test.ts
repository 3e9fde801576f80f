import { expect, test } from 'vitest'
import { refusal } from '../support/refusal.js'
import { runCli } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'

const commands = [
  ['demo'],
  ['local'],
  ['local', 'faults'],
  ['env'],
  ['key', 'generate'],
  ['key', 'create'],
  ['key', 'list'],
  ['key', 'show'],
  ['key', 'address'],
  ['sign', 'tx'],
  ['sign', 'message'],
  ['sign', 'typed-data'],
  ['sign', 'authorization'],
  ['verify'],
  ['access', 'show'],
  ['access', 'check'],
  ['access', 'plan'],
  ['access', 'apply'],
  ['access', 'scp'],
  ['ledger', 'protect'],
  ['safe', 'create'],
  ['safe', 'adopt'],
  ['safe', 'propose'],
  ['safe', 'approve'],
  ['safe', 'reject'],
  ['safe', 'execute'],
  ['safe', 'status'],
  ['safe', 'export'],
  ['safe', 'import'],
  ['deploy'],
  ['status'],
  ['freeze'],
  ['unfreeze'],
  ['destroy'],
  ['version'],
]

test.each(commands.map((words) => [words.join(' ')]))(
  'keyward %s --help has examples and --json',
  async (words) => {
    const ran = await runInProcess([...words.split(' '), '--help'], {})
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({
      code: 0,
      stderr: '',
    })
    expect(ran.stdout).toContain(`Usage: keyward ${words} [options]`)
    expect(ran.stdout).toContain('--json')
    expect(ran.stdout).toMatch(/\nExamples:\n {2}(?:eval "\$\()?keyward /)
  },
)

test('the version is that of the package, in both forms', async () => {
  const manifest = await import('../../packages/cli/package.json', {
    with: { type: 'json' },
  })
  const { version } = manifest.default
  expect(await runCli(['--version'])).toEqual({
    code: 0,
    stdout: `${version}\n`,
    stderr: '',
  })
  expect(await runInProcess(['version', '--json'], {})).toEqual({
    code: 0,
    stdout: `{"version":"${version}"}\n`,
    stderr: '',
  })
})

test.each([
  [['nonsense'], "unknown command 'nonsense'"],
  [['key', 'creat'], "unknown command 'creat'"],
  [['sign', 'message', '--in', '-', '--frobnicate'], 'unknown option'],
  [['sign', 'message', '--key', 'alias/x'], "required option '--in <file>'"],
  [['sign', 'message', '--in', '-'], 'no key was given'],
  [['key', 'generate'], 'pass --out with a new file, or --stdout'],
  [
    ['key', 'generate', '--out', 'x', '--plain'],
    '--plain needs --format pkcs8',
  ],
  [
    ['key', 'generate', '--stdout', '--json'],
    "cannot be used with option '--j",
  ],
  [['key', 'generate', '--out', 'x', '--format', 'hex'], 'Allowed choices are'],
  [['key', 'generate', '--password-fd', '-1'], 'Pass a whole number from 0'],
  [['verify', '--in', '-'], "required option '--address <address>'"],
  [['local', '--port', 'http'], 'Pass a whole number from 0 to 65535.'],
  [['local', '--port', '65536'], 'Pass a whole number from 0 to 65535.'],
  [['local', '--kms-error-rate', '2'], 'Pass a number from 0 to 1.'],
  [['local', 'faults', '--kms-latency', '-1'], 'Pass a whole number from 0'],
])('keyward %j is a usage error: exit 2', async (args, message) => {
  const ran = await runInProcess(args, {})
  const isJson = args.includes('--json')
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({
    code: 2,
    stdout: isJson ? refusal('invalid-input') : '',
  })
  expect(ran.stderr).toContain(message)
  expect(ran.stderr).not.toContain('    at ')
})

test('without a command it shows the help and exits 2', async () => {
  const ran = await runInProcess([], {})
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain('Usage: keyward [options] [command]')
})

test('a private key in place of a key id goes nowhere', async () => {
  const secret =
    'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
  for (const key of [secret, `0x${secret}`]) {
    const ran = await runInProcess(['key', 'address', key], {})
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 2,
      stdout: '',
    })
    expect(ran.stderr).toContain(
      'looks like a private key or a recovery phrase',
    )
    expect(ran.stderr).not.toContain(secret)
  }
})
