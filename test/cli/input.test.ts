import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runInProcess } from '../support/runInProcess.js'

// What is wrong is found by reading it: before AWS is called, a plan is printed,
// or anybody is asked.

let server: Server
let requests = 0
let env: Record<string, string>
beforeAll(async () => {
  server = createServer((_, response) => {
    requests++
    response.statusCode = 400
    response.end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
    RPC_URL: url,
  }
})
afterAll(() => new Promise((done) => server.close(done)))
beforeEach(() => {
  requests = 0
})

const to = ['--to', '0x70997970C51812dc3A010C7d01b50e0d17dc79C8']
const some = [...to, '--amount', '0.1']
const table = ['--ledger', 't', '--key', 'alias/x', '--network', 'sepolia']

const cases: [args: string[], message: string][] = [
  [['send'], 'pass --to'],
  [['send', '--amount', '1'], 'pass --to'],
  [['send', ...to], '- --amount: is missing; allowed: an amount in ether'],
  [['send', ...to, '--amount', 'abc', '--dry-run'], '- --amount: got "abc"'],
  [['send', ...to, '--amount', 'abc', '--yes'], '- --amount: got "abc"'],
  [['send', '--to', 'bob', '--amount', '1'], '- --to: got "bob"'],
  [
    ['send', ...some, '--value-wei', '1'],
    "- --value-wei: can't be combined with --amount; allowed: one of the two",
  ],
  [['send', ...to, '--value-wei', '0.5'], '- --value-wei: got "0.5"'],
  [['send', '--data', '0x', '--amount', '0'], '- --to: is missing'],
  [['send', '--data', '0x1', '--amount', '0'], '- --data: got "0x1"'],
  [['send', ...some, '--gas', '1'], '- --gas: got "1"'],
  [['send', ...some, '--speed', 'warp'], '- --speed: got "warp"'],
  [['send', ...some, '--max-fee-per-gas', '0'], '- --max-fee-per-gas: got "0"'],
  [
    [
      'send',
      ...some,
      '--max-fee-per-gas',
      '1',
      '--max-priority-fee-per-gas',
      '2',
    ],
    '- --max-priority-fee-per-gas: got 2; allowed: at most --max-fee-per-gas (1)',
  ],
  [
    ['send', ...some, '--exact-fee'],
    '- --exact-fee: means a fee of exactly --max-fee-per-gas; allowed: only with --max-fee-per-gas',
  ],
  [['send', ...some, '--valid-until', 'soon'], '- --valid-until: got "soon"'],
  [
    ['send', ...some, '--valid-until', '2020-01-01T00:00:00Z'],
    '--valid-until 2020-01-01T00:00:00.000Z is in the past.',
  ],
  [
    [
      ...['send', ...some, '--valid-until', '1577836800'],
      ...['--dry-run', '--idempotency-key', 'order-1'],
    ],
    '--valid-until 2020-01-01T00:00:00.000Z is in the past.',
  ],
  [['send', ...some, '--idempotency-key', 'a b'], '- --idempotency-key: got'],
  [['send', ...some, '--stack', '1'], '--stack "1" is not a valid stack name.'],
  [
    ['send', ...some, '--network', 'nowhere'],
    '--network "nowhere" is not a known network.',
  ],
  [['send', ...some, ...table, '--new-ledger', '0x7'], '--new-ledger "0x7"'],
  [['send', ...some, '--new-ledger'], '--new-ledger needs --ledger.'],
  [['send', ...some, '--key', 'k'], '--key needs --ledger.'],
  [
    ['send', ...some, '--caller', 'a b'],
    '--caller "a b" is not a valid alias.',
  ],
  [
    ['send', ...some, '--ledger', 't', '--caller', 'x'],
    "--ledger can't be used with",
  ],
  [['sweep', ...to, '--ledger', 't'], '--ledger needs a key.'],
  [
    ['send', ...some, '--rpc-url', 'node'],
    'an RPC URL must begin with https://',
  ],
  [
    ['send', ...some, '--rpc-url', 'http://10.0.0.1'],
    'http://10.0.0.1 uses plain http to another machine',
  ],
  [['tx', 'list', '--status', 'lost'], '- --status: got "lost"'],
  [['tx', 'list', '--after', 'x'], '- --after: got "x"'],
  [
    ['tx', 'list', '--network', 'nowhere'],
    '--network "nowhere" is not a known network.',
  ],
  [['tx', 'show', 'a b'], '- <transaction>: got "a b"'],
  [['tx', 'watch', 'a b'], '- <transaction>: got "a b"'],
  [['tx', 'watch', 'x', '--rpc-url', 'http://n'], 'http://n uses plain http'],
  [['tx', 'cancel', 'a b', '--yes'], '- <transaction>: got "a b"'],
  [['tx', 'speed-up', 'x', '--speed', 'warp'], '- --speed: got "warp"'],
  [
    ['tx', 'speed-up', 'x', '--max-fee-per-gas', '-1'],
    '- --max-fee-per-gas: got "-1"',
  ],
  [
    ['tx', 'adopt', '0x12', '--caller', 'a b', '--as', 'c d'],
    '- <hash>: got "0x12"; allowed: the hash of a transaction\n- --caller: got "a b"',
  ],
  [['sweep', '--to', 'bob'], '- --to: got "bob"'],
  [['sweep', ...to, '--token', 'usdc'], '- --token: got "usdc"'],
  [['sweep', ...to, '--max-fee-per-gas', '0'], '- --max-fee-per-gas: got "0"'],
  [['sweep', ...to, '--rpc-url', 'http://n'], 'http://n uses plain http'],
  [['balance', '--token', 'usdc', '--key', 'alias/x'], '- --token: got "usdc"'],
  [['balance', '0x12'], '- <address>: got "0x12"'],
  [['balance', ...['--rpc-url', 'http://n']], 'http://n uses plain http'],
  [['doctor', '--rpc-url', 'http://n'], 'http://n uses plain http'],
  [['status', '--rpc-url', 'http://n'], 'http://n uses plain http'],
  [['status', '--stack', '1'], '--stack "1" is not a valid stack name.'],
  [['freeze', '--stack', '1'], '--stack "1" is not a valid stack name.'],
  [
    ['freeze', '--yes', '--stack', '1'],
    '--stack "1" is not a valid stack name.',
  ],
  [['unfreeze', '--stack', '1'], '--stack "1" is not a valid stack name.'],
  [['destroy', '--rpc-url', 'http://n'], 'http://n uses plain http'],
  [['destroy', '--token', 'usdc'], '- --token: got "usdc"'],
  [
    ['destroy', '--also-network', 'polygon=http://n/key'],
    'http://n uses plain http',
  ],
  [
    ['deploy', '--network', 'nowhere'],
    '--network: "nowhere" is not a known network.',
  ],
  [
    ['deploy', '--admin', 'me'],
    '--admin "me" is not the ARN of an IAM role or user.',
  ],
  [['deploy', '--address', '0x12'], '--address: "0x12" is not an address.'],
  [['deploy', '--existing-ledger', 'a b'], '--existing-ledger: "a b" is not'],
  [['deploy', '--new-ledger', 'x'], '--new-ledger "x" is not a valid count.'],
  [
    ['access', 'check', '--key', 'x', '--admin', 'me'],
    '--admin "me" is not the ARN of an IAM role or user.',
  ],
  [
    ['access', 'plan', '--key', 'x', '--user', 'me'],
    '--user "me" is not the ARN of an IAM role or user.',
  ],
  [
    ['access', 'apply', '--key', 'x', '--user', 'me'],
    '--user "me" is not the ARN of an IAM role or user.',
  ],
  [
    ['access', 'show', '--stack', '1'],
    '--stack "1" is not a valid stack name.',
  ],
  [
    ['key', 'create', '--admin', 'me'],
    '--admin "me" is not the ARN of an IAM role or user',
  ],
  [
    [
      'key',
      'create',
      '--admin',
      'arn:aws:iam::123456789012:role/a',
      '--default-policy',
    ],
    "--default-policy can't be combined with roles.",
  ],
  [
    ['key', 'create', '--importer', 'arn:aws:iam::123456789012:role/a'],
    '--importer needs --origin EXTERNAL.',
  ],
  [['key', 'create', '--alias', 'a b'], '--alias "a b" is not a valid alias.'],
  [
    ['key', 'import', '--in', 'x', '--create', '--user', 'me'],
    '--user "me" is not the ARN of an IAM role or user.',
  ],
  [
    ['key', 'import', '--in', 'x', '--create', '--alias', 'a b'],
    '--alias "a b" is not a valid alias.',
  ],
  [
    ['key', 'import', '--in', 'x', '--key', 'k', '--expect-address', 'bob'],
    '- --expect-address: got "bob"',
  ],
  [
    ['key', 'drill', '--in', 'x', '--as', 'me'],
    '--as "me" is not the ARN of an IAM role or user',
  ],
  [['key', 'verify', '--key', 'k', '--address', 'bob'], '- --address: got'],
  [
    ['deploy', '--invoker', 'payouts'],
    '--invoker: must be a comma-separated list of alias=ARN pairs',
  ],
  [
    ['deploy', '--invoker', 'admin=x'],
    '--invoker: the name "admin" is reserved.',
  ],
  [
    ['deploy', '--max-fee', '1'],
    '--max-fee was renamed.\nPass --max-transaction-fee, in ether',
  ],
  [
    ['send', ...some, '--max-fee', '1'],
    '--max-fee was renamed.\nPass --max-fee-per-gas, in wei',
  ],
  [
    ['send', ...some, '--max-priority-fee', '1'],
    'Pass --max-priority-fee-per-gas, in wei',
  ],
  [['deploy', '--origin', 'external'], 'Pass --origin EXTERNAL.'],
  [['key', 'create', '--origin', 'aws'], 'Pass --origin AWS_KMS.'],
  [['key', 'create', '--origin', 'hsm'], 'Allowed origins: AWS_KMS, EXTERNAL.'],
  [
    ['send', ...some, '--max-fee-per-gas', '0.5wei'],
    '--max-fee-per-gas "0.5wei" is not a whole number of wei.',
  ],
  [
    ['send', ...to, '--token', 'USDC', '--value-wei', '1'],
    "--token can't be used with --value-wei",
  ],
  [['send', ...to, '--token', 'USDC'], '--token needs --amount.'],
  [
    ['send', ...to, '--token', 'USDC', '--amount', '1e3'],
    '--amount "1e3" is not an amount.',
  ],
  [
    ['send', ...some, '--token', 'USDC', '--call', 'f()'],
    "--token and --call can't be used together: pass only one of them.",
  ],
  [
    ['send', '--amount', '1', '--token', 'USDC', '--data', '0x'],
    "--token and --data can't be used together",
  ],
  [['send', '--call', 'f()'], '--call needs --to.'],
  [
    ['send', ...to, '--call', 'transfer(address to)', '0x'],
    '--call "transfer(address to)" is not a function signature.',
  ],
  [
    ['send', ...to, '--call', 'f(uint256)', '1e18'],
    '--call: argument 1 of f is not valid: "1e18".',
  ],
  [
    ['deploy', '--alias', 'treasury'],
    '--alias: "treasury" is not a valid alias.',
  ],
  [
    ['deploy', '--max-transaction-fee', '1e3'],
    '--max-transaction-fee: "1e3" is',
  ],
  [
    ['deploy', '--max-foreign', 'some'],
    '--max-foreign: "some" is not allowed.',
  ],
  [['deploy', '--existing-key-arn', 'x'], '--existing-key-arn: "x" is not'],
  [
    ['deploy', '--ledger-writer', 'me'],
    '--ledger-writer: "me" is not allowed.',
  ],
  [['deploy', '-c', 'logLevel=LOUD'], '-c logLevel: "LOUD" is not allowed.'],
  [['deploy', '-c', 'logRetention=2'], '-c logRetention: 2 is not allowed.'],
  [
    ['deploy', '-c', 'loglevel=DEBUG'],
    '-c loglevel: is not a setting of a Keyward stack.',
  ],
  [
    ['deploy', '--rpc-url', 'https://eth.example.org/v2/0123456789abcdefghij'],
    '--rpc-url: the URL seems to contain an API key.',
  ],
  [
    ['deploy', '--rpc-url', 'https://eth.example.org/?apikey=k'],
    '--rpc-url: the URL seems to contain an API key.',
  ],
  [
    ['deploy', '-c', 'sendRpcUrl=https://me:k@eth.example.org'],
    '-c sendRpcUrl: the URL seems to contain an API key.',
  ],
  [['deploy', '--rpc-url', 'http://eth.example.org'], 'plain http'],
  [['deploy', '--rpc-url', 'arn:aws:s3:::bucket'], '--rpc-url: the value (19'],
  [['deploy', '--rpc-url', '-'], '--rpc-url -: no URL was given.'],
  [['deploy', '-c', 'rpcUrl=node'], '-c rpcUrl: the value (4 characters) is'],
  [['deploy', '--settings', '/no/such.json'], '--settings "/no/such.json" can'],
  [
    ['deploy', '--settings', 'package.json'],
    '--settings name: is not a setting',
  ],
  [['destroy', '--window-days', '3'], 'Pass a whole number from 7 to 30.'],
  [
    ['destroy', '--break-glass-profile', 'nobody'],
    '--break-glass-profile "nobody" is not an AWS profile.',
  ],
  [
    ['unfreeze', '--concurrency', 'few'],
    '--concurrency "few" is not a valid limit.',
  ],
  [['doctor', '--caller', 'a b'], '--caller "a b" is not a valid alias.'],
  [
    ['access', 'apply', '--key', 'x', '--backup', 'package.json', '--yes'],
    '--backup "package.json" already exists.',
  ],
  [
    ['access', 'apply', '--key', 'x', '--backup', '/no/such/b.json'],
    '--backup: no file can be created in the folder "/no/such".',
  ],
  [
    ['key', 'import', '--in', '/no/such.pem', '--key', 'k', '--yes'],
    'The key file "/no/such.pem" can\'t be read.',
  ],
  [
    ['key', 'reimport', '--in', 'package.json', '--key', 'k', '--yes'],
    'The keystore has no version',
  ],
  [['key', 'drill', '--in', '/no/such.pem'], 'The key file "/no/such.pem"'],
  [
    ['key', 'import', '--in', 'x', '--key', 'k', '--receipt', '/no/such/r'],
    '--receipt: no file can be created in the folder "/no/such".',
  ],
  [
    ['key', 'import', '--in', 'x', '--key', 'k', '--backup', '/no/such/b'],
    '--backup: no file can be created in the folder "/no/such".',
  ],
  [
    ['key', 'import', '--in', 'x', '--key', 'k', '--derivation-path', '44'],
    'The derivation path is not valid.',
  ],
  [
    ['key', 'import', '--in', 'x', '--key', 'k', '--valid-to', 'soon'],
    '--valid-to "soon" is not a valid expiry time.',
  ],
  [
    ['key', 'verify', '--key', 'k', '--public-key', '/no/such.pem'],
    '/no/such.pem',
  ],
  [['key', 'show', 'a', '--key', 'b'], 'two keys were given'],
  [
    ['balance', ...to.slice(1), '--key', 'k'],
    "<address> can't be used with --key.",
  ],
  [['verify', '--address', 'bob', '--in', '-'], '- --address: got "bob"'],
  [['local', '--no-stack', '--assembly', 'x'], "can't be used together"],
  [['local', '--stack', 'x', '--reset'], '--stack needs --assembly.'],
  [['ledger', 'protect', 'a b'], '"a b" is not a valid table name.'],
  [['ledger', 'protect', 'abc', '--writer', 'me'], '--writer "me" is not'],
  [['access', 'scp', '--restore-role', 'me'], '--restore-role "me" is not'],
]

test.each(cases)('keyward %j is refused', async (args, message) => {
  const ran = await runInProcess(args, env)
  expect({ code: ran.code, stdout: ran.stdout, requests }).toEqual({
    code: 2,
    stdout: '',
    requests: 0,
  })
  expect(ran.stderr).toContain(message)
  expect(ran.stderr).not.toMatch(/Continue\?|dst_address|[a-z]_[a-z]+_/)
})

describe('what is right goes on to AWS', () => {
  test.each([
    [['send', ...some]],
    [['send', '--data', '0x6001', '--amount', '0']],
    // It may be the repetition of one that was accepted in time.
    [
      [
        ...['send', ...some, '--valid-until', '2020-01-01T00:00:00Z'],
        ...['--idempotency-key', 'order-1'],
      ],
    ],
    [['tx', 'speed-up', 'order-1', '--max-fee-per-gas', '1']],
    [['deploy', '--rpc-url', 'https://rpc.example.org', '--yes']],
    [['deploy', '--rpc-url', 'http://localhost:1/?apikey=k', '--yes']],
    [['balance', '--rpc-url', 'http://localhost:1', '--key', 'alias/x']],
  ])('keyward %j', async (args) => {
    const ran = await runInProcess(args, env)
    expect(ran.code).toBe(1)
    expect(requests).toBeGreaterThan(0)
  })
})
