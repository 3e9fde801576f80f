import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { describe, expect, test } from 'vitest'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import { cleanEnv, keywardBin } from '../support/runCli.js'
import { runInProcess } from '../support/runInProcess.js'
import { testTerminal } from '../support/testTerminal.js'

// With `--json` a program finds each error on standard output: one line, with a
// code that names its page. Every command is driven, also one that is new.

type Command = ReturnType<typeof createProgram>
const program = createProgram(testTerminal(), () => {})

function pathsOf(command: Command, path: string[] = []): string[][] {
  const below = command.commands.flatMap((each) =>
    pathsOf(each, [...path, each.name()]),
  )
  const isGroup = command.commands.length > 0 && command.name() !== 'local'
  return isGroup ? below : [path, ...below]
}
const paths = pathsOf(program)

/** Nothing listens there. */
const nowhere = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
  RPC_URL: 'http://127.0.0.1:1',
}

async function errorOf(...args: string[]) {
  const { code, stdout } = await runInProcess(args, nowhere)
  expect(stdout, args.join(' ')).toMatch(/^\{[^\n]+\}\n$/)
  const { code: name, error } = JSON.parse(stdout)
  expect(error).toMatch(/^\S.*\S$/)
  return [code, name]
}

describe('what is typed wrongly', () => {
  test.each(paths.map((path) => [path.join(' ')]))(
    'keyward %s: a flag that it does not have',
    async (path) => {
      const args = [...path.split(' '), '--json', '--frobnicate']
      expect(await errorOf(...args)).toEqual([2, 'invalid-input'])
    },
  )

  test.each([
    ['--json'],
    ['nosuch', '--json'],
    ['--json', 'nosuch'],
    ['key', '--json'],
    ['key', 'nosuch', '--json'],
    ['tx', 'lst', '--json'],
    ['help', 'nosuch', '--json'],
    ['completion', 'fish', '--json'],
    ['explain', 'nosuch', '--json'],
  ])('keyward %s %s %s', async (...args) => {
    expect(await errorOf(...args.filter(Boolean))).toEqual([2, 'invalid-input'])
  })
})

const to = `0x${'5a'.repeat(20)}`
const key = ['--key', 'alias/none']
const file = ['--safe-file', '/no/such.json']
const input = ['--in', '/no/such.json']

/** For each command arguments that it reads, and then fails with. */
const failing: Readonly<Record<string, readonly string[]>> = {
  demo: ['--service', 'pkcs11', '--library', '/no/such.so'],
  local: ['--no-stack', '--assembly', '/no/such'],
  'local faults': ['--data-dir', '/no/such'],
  env: ['--data-dir', '/no/such'],
  fund: ['--data-dir', '/no/such'],
  deploy: ['--policy', '/no/such.json'],
  status: [],
  doctor: [],
  freeze: [],
  unfreeze: [],
  destroy: ['--yes'],
  send: ['--to', to, '--amount', '1', '--yes'],
  'tx list': [],
  'tx show': ['order-1'],
  'tx watch': ['order-1'],
  'tx speed-up': ['order-1', '--yes'],
  'tx cancel': ['order-1', '--yes'],
  'tx reconcile': ['--yes'],
  'tx repair': ['--yes'],
  'tx adopt': [`0x${'5a'.repeat(32)}`, '--caller', '*', '--as', 'k', '--yes'],
  balance: [to],
  sweep: ['--to', to, '--yes'],
  'safe create': [
    ...['--owner', to, '--threshold', '1', '--yes', '--safe-file', '/no/such'],
    ...['--ledger', 'table', ...key, '--network', 'local'],
  ],
  'safe adopt': [to, '--yes', ...file],
  'safe propose': [...file, '--to', to, '--amount', '1', '--out', '/no/such'],
  'safe approve': [...file, ...input, ...key, '--yes'],
  'safe approve-message': [
    ...['--stack', 'none', '--caller', 'ops', '--message', 'Hello'],
    ...['--out', '/no/such/message.json', '--yes'],
  ],
  'safe reject': [...file, '--nonce', '0', '--out', '/no/such'],
  'safe execute': [...file, ...input, '--yes'],
  'safe status': file,
  'safe export': [...file, ...input],
  'safe import': ['/no/such.json', ...file, '--out', '/no/such'],
  'key generate': ['--out', '/no/such/k.json'],
  'key create': ['--default-policy', '--yes'],
  'key list': [],
  'key show': key,
  'key address': key,
  'key import': [...input, ...key, '--yes'],
  'key reimport': [...input, ...key, '--yes'],
  'key verify': key,
  'key drill': [...input, '--yes'],
  'key move': [...key, '--library', '/no/such.so', '--token-label', 'x'],
  'key export': [
    ...[...key, '--recipient', '/no/such.pem', '--out', '/no/such'],
    ...['--library', '/no/such.so', '--token-label', 'x'],
  ],
  'key recipient': [
    ...['--label', 'x', '--out', '/no/such', '--library', '/no/such.so'],
    ...['--token-label', 'x'],
  ],
  'key restore': [
    ...[...input, '--recipient', 'x', '--library', '/no/such.so'],
    ...['--token-label', 'x'],
  ],
  'key destroy': [...key, '--library', '/no/such.so', '--token-label', 'x'],
  'key delete-material': ['alias/none', '--yes'],
  'key schedule-deletion': ['alias/none', '--yes'],
  'key cancel-deletion': ['alias/none'],
  'sign tx': [...key, ...input],
  'sign message': [...key, ...input],
  'sign typed-data': [...key, ...input],
  'sign authorization': [...key, ...input],
  verify: ['--address', to, ...input],
  'access show': key,
  'access check': key,
  'access plan': key,
  'access apply': [...key, '--yes'],
  'access scp': ['--restore-role', 'me'],
  'policy init': ['nosuch'],
  'policy lint': ['/no/such.json'],
  'policy explain': ['/no/such.json'],
  'policy functions': ['/no/such.json', '--abi', '/no/such.json'],
  'policy check': ['/no/such.json', '--request', '/no/such.json'],
  'policy test': ['/no/such.json', '/no/such.json'],
  'ledger protect': ['table', '--yes'],
  help: ['nosuch'],
  explain: ['nosuch'],
  completion: ['fish'],
  // It takes nothing and asks nobody.
  version: ['extra'],
}

describe('what fails', () => {
  test('no command is left out', () => {
    expect(Object.keys(failing).sort()).toEqual(
      paths.map((path) => path.join(' ')).sort(),
    )
  })

  test.each(Object.entries(failing))('keyward %s', async (path, more) => {
    const [code, name] = await errorOf(...path.split(' '), ...more, '--json')
    expect([1, 2]).toContain(code)
    // Nothing that is foreseen is a fault of the command line.
    expect(name).toMatch(/^[a-z][a-z0-9-]+$/)
    expect(name).not.toBe('internal-error')
  })
})

test('Ctrl-C, while AWS does not answer', async () => {
  const silent = createServer()
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
  const { port } = silent.address() as { port: number }
  const child = spawn(process.execPath, [keywardBin, 'key', 'list', '--json'], {
    env: cleanEnv({
      ...nowhere,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    }),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(silent, 'connection')
  const told = child.stdout.toArray()
  child.kill('SIGINT')
  const [code] = await once(child, 'close')
  silent.close()
  expect(code).toBe(130)
  expect(JSON.parse((await told).join(''))).toEqual({
    code: 'stopped',
    error: 'SIGINT stopped the command before it was done.',
  })
})
