import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGuard, type GuardOptions, parsePolicy } from '@keyward/guard'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import * as core from '../../packages/core/src/index.js'
import * as safe from '../../packages/safe/src/index.js'
import { keyless } from '../support/gateDoors/keyless.js'
import { libraryDoors } from '../support/gateDoors/libraryDoors.js'
import { safeDoors } from '../support/gateDoors/safeDoors.js'
import { senderDoors } from '../support/gateDoors/senderDoors.js'
import { watchedService } from '../support/gateDoors/watchedService.js'
import { createMemoryKey } from '../support/memoryKeyService.js'
import { openSenderHome, toRequest } from '../support/openSenderHome.js'
import { runInProcess } from '../support/runInProcess.js'
import { createOperator, putReleases } from '../support/safe/putReleases.js'
import { testTerminal } from '../support/testTerminal.js'

// Every way to a signature leads through the gate, `key.sign`: the key
// service of this test throws when anything else calls it, and a policy that
// refuses stops each door before the service is asked.

// The functions and the command line open key services of their own.
// A policy stands beside a bundle, and these are none.
vi.mock('../../packages/lambda/src/policy/loadPolicy.js', () => ({
  loadPolicy: async ({ getAccount }: GuardOptions) =>
    createGuard({ policy: parsePolicy(greeting), getAccount }),
}))
const greeting = JSON.stringify({
  version: 1,
  rules: [{ id: 'greet', message: { kinds: ['text'], texts: ['Hello'] } }],
})

vi.mock('@keyward/core/kms', async (original) => {
  const real = await original<typeof import('@keyward/core/kms')>()
  const createKmsClient: typeof real.createKmsClient = (options) =>
    watchedService(real.createKmsClient(options))
  return { ...real, createKmsClient }
})
vi.mock('@keyward/core/sdk', async (original) => {
  const real = await original<typeof import('@keyward/core/sdk')>()
  const fromSdk: typeof real.fromSdk = (client) =>
    watchedService(real.fromSdk(client))
  return { ...real, fromSdk }
})

const root = fileURLToPath(new URL('../../', import.meta.url))
const doors = { ...libraryDoors, ...senderDoors, ...safeDoors }

class Refused extends Error {}

function openKey(authorize?: core.SigningKey.Authorize) {
  const memory = createMemoryKey()
  const service = watchedService(memory.service)
  const connect = () =>
    core.SigningKey.connect({ service, keyId: 'alias/a', authorize })
  return {
    service,
    connect,
    signs: () => memory.calls.filter((call) => call === 'signDigest').length,
  }
}

test('a key service that is watched is of no use outside the gate', async () => {
  const { service, signs } = openKey()
  await expect(
    (async () => service.signDigest('alias/a', new Uint8Array(32)))(),
  ).rejects.toThrow('A caller other than the gate asked for a signature')
  expect(signs()).toBe(0)
})

describe.each(Object.keys(doors))('%s', (name) => {
  const door = doors[name] as (typeof doors)[string]

  test('signs by the gate', async () => {
    const heard: string[] = []
    const { connect, signs } = openKey((request) => {
      heard.push(request.kind)
    })
    await door(await connect())
    expect(signs()).toBeGreaterThan(0)
    expect(heard).toHaveLength(signs())
  })

  test('signs nothing that a policy refuses', async () => {
    let asked = 0
    const { connect, signs } = openKey(() => {
      asked++
      throw new Refused()
    })
    // The sender answers with what kept it from going on.
    await await connect()
      .then(door)
      .catch((error) => error)
    expect(asked).toBeGreaterThan(0)
    expect(signs()).toBe(0)
  })
})

describe('the list of doors', () => {
  /** `entry point name` or `entry point namespace.name` of all that is there. */
  async function namesOf(folder: string): Promise<string[]> {
    const path = join(root, 'packages', folder, 'package.json')
    const { name, exports } = JSON.parse(await readFile(path, 'utf8'))
    const names: string[] = []
    for (const [entry, file] of Object.entries(exports)) {
      if (!Object.hasOwn(file as object, '@keyward/source')) continue
      const source = (file as Record<string, string>)['@keyward/source'] ?? ''
      const url = join(root, 'packages', folder, source)
      const module = (await import(/* @vite-ignore */ url)) as object
      const at = `${name}${entry.slice(1)}`
      for (const [key, value] of Object.entries(module)) {
        const isModule =
          typeof value === 'object' && Symbol.toStringTag in value
        if (isModule)
          names.push(...Object.keys(value).map((one) => `${at} ${key}.${one}`))
        else names.push(`${at} ${key}`)
      }
    }
    return names.filter((one) => !one.endsWith('Error'))
  }

  test('has every export of the packages that may meet a key', async () => {
    const names = [
      ...(await namesOf('core')),
      ...(await namesOf('sender')),
      ...(await namesOf('safe')),
    ]
    const known = [...Object.keys(doors), ...keyless]
    // One door may have several ways, each with a case: `toAccount().sign`.
    const isKnown = (name: string) =>
      known.some((one) => one === name || one.startsWith(`${name}().`))
    expect(names.filter((name) => !isKnown(name))).toEqual([])
    expect(known.map((one) => one.split('().')[0])).toEqual(
      known.map((one) => names.find((name) => name === one.split('().')[0])),
    )
  })

  test('has every method of the objects that other libraries take', async () => {
    const { toAccount } = await import('@keyward/core/viem')
    const { KmsSigner } = await import('@keyward/core/ethers')
    const key = await openKey().connect()
    const methods = [
      ...Object.entries(toAccount(key))
        .filter(([, value]) => typeof value === 'function')
        .map(([name]) => `@keyward/core/viem toAccount().${name}`),
      ...Object.getOwnPropertyNames(KmsSigner.prototype)
        .filter(
          (name) => !['constructor', 'connect', 'getAddress'].includes(name),
        )
        .map((name) => `@keyward/core/ethers KmsSigner().${name}`),
    ]
    expect(methods.filter((name) => doors[name] === undefined)).toEqual([])
  })

  test('nobody but the gate calls signDigest', async () => {
    const folder = join(root, 'packages')
    const files = (await readdir(folder, { recursive: true })).filter(
      (file) =>
        /^[a-z]+\/src\/.*\.ts$/.test(file) && !/\.test(-d)?\.ts$/.test(file),
    )
    const calling = []
    for (const file of files)
      if (/\.signDigest\(/.test(await readFile(join(folder, file), 'utf8')))
        calling.push(file)
    expect(calling).toEqual(['core/src/openKey.ts'])
    expect(files.length).toBeGreaterThan(300)
  })
})

describe('functions and command line', () => {
  let home: Awaited<ReturnType<typeof openSenderHome>>
  let folder: string
  beforeAll(async () => {
    home = await openSenderHome()
    folder = await mkdtemp(join(tmpdir(), 'keyward gate '))
    const { accessKeyId, secretAccessKey } = home.aws.credentials
    const environment = {
      KMS_KEY_ID: home.keyId,
      ETH_NETWORK: 'local',
      LOG_LEVEL: 'ERROR',
      LEDGER_TABLE: home.tableName,
      RPC_URL: home.anvil.url,
      AWS_REGION: home.aws.region,
      AWS_ENDPOINT_URL: home.aws.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }
    for (const [name, value] of Object.entries(environment))
      vi.stubEnv(name, value)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await home.close()
    await rm(folder, { recursive: true, force: true })
  })

  const sign = {
    operation: 'sign',
    dst_address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
    amount: '0',
    nonce: 0,
  }
  /** What each function is asked, so that it signs. */
  const invocations: Record<string, () => Promise<object>> = {
    'eip1559-signer': async () => ({
      ...sign,
      max_fee_per_gas: 2,
      max_priority_fee_per_gas: 1,
    }),
    'legacy-signer': async () => ({ ...sign, gas_price: 2 }),
    sender: async () => ({
      operation: 'send',
      idempotency_key: 'gate',
      dst_address: sign.dst_address,
      amount: '0.1',
    }),
    cosigner: async () => {
      const owner = home.address
      await putReleases(home.anvil.call, ['1.4.1'])
      const fresh = { owners: [owner], threshold: 1, saltNonce: 0n }
      await createOperator(home.anvil.call).put(safe.NewSafe.toCreation(fresh))
      const address = safe.NewSafe.predictAddress(fresh)
      const domain = { ...home.account, safe: address }
      const pins = safe.Pins.from(await safe.readState(home.rpc, domain))
      const file = safe.SafeFile.toJson({ domain, pins })
      vi.stubEnv('SAFE', JSON.stringify(file))
      const transaction = safe.SafeTransaction.create({ to: owner, nonce: 0n })
      const proposal = safe.Proposal.create(domain, transaction)
      return { operation: 'approve', bundle: safe.Proposal.toBundle(proposal) }
    },
    reconciler: async () => {
      await home.acceptOnly(toRequest(), Date.now() - 600_000)
      return {}
    },
    // Last, as those before it have no policy.
    'message-signer': async () => {
      vi.stubEnv('POLICY_SHA256', 'ab'.repeat(32))
      return { operation: 'sign_message', message: 'Hello' }
    },
  }

  test('every function signs by the gate', async () => {
    const path = join(root, 'packages/lambda/package.json')
    const { exports } = JSON.parse(await readFile(path, 'utf8'))
    const functions = Object.keys(exports)
      .map((name) => /^\.\/(.*)\.mjs$/.exec(name)?.[1])
      .filter((name) => name !== undefined)
    // They have no key, and their roles may sign with none.
    const keyless = ['coordinator', 'guard-reconciler']
    expect(functions.sort()).toEqual(
      [...Object.keys(invocations), ...keyless].sort(),
    )
    for (const [name, toEvent] of Object.entries(invocations)) {
      const event = await toEvent()
      const source = `../../packages/lambda/src/functions/${name}.js`
      const { handler } = await import(/* @vite-ignore */ source)
      const before = [home.signs(), watchedService.passed()]
      await handler(event, {
        awsRequestId: '1',
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
        getRemainingTimeInMillis: () => 60_000,
      })
      expect([name, home.signs(), watchedService.passed()]).toEqual([
        name,
        ...before.map((count) => count + 1),
      ])
    }
  })

  const inputs: Record<string, object | string> = {
    tx: {
      ...{ type: 'legacy', chainId: 31337, nonce: 0, gas: 21000 },
      ...{ gasPrice: 2, to: sign.dst_address },
    },
    message: 'hello',
    'typed-data': {
      types: { Mail: [{ name: 'to', type: 'address' }] },
      primaryType: 'Mail',
      domain: {},
      message: { to: sign.dst_address },
    },
    authorization: { address: sign.dst_address, chainId: 31337, nonce: 1 },
  }

  test('every command of `sign` signs by the gate', async () => {
    const program = createProgram(testTerminal(), () => {})
    const names = program.commands
      .find((command) => command.name() === 'sign')
      ?.commands.map((command) => command.name())
    expect(names?.sort()).toEqual(Object.keys(inputs).sort())
    for (const [name, input] of Object.entries(inputs)) {
      const path = join(folder, name)
      await writeFile(
        path,
        typeof input === 'string' ? input : JSON.stringify(input),
      )
      const before = [home.signs(), watchedService.passed()]
      const { code, stderr } = await runInProcess(
        [
          ...['sign', name, '--key', home.keyId, '--in', path, '--yes'],
          ...(name === 'authorization' ? ['--allow-delegation'] : []),
        ],
        { ...process.env } as Record<string, string>,
        { fromSource: true },
      )
      expect([code, stderr.includes('Signing')]).toEqual([0, true])
      expect([home.signs(), watchedService.passed()]).toEqual(
        before.map((count) => count + 1),
      )
    }
  })
})
