import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  byPolicy as byPolicyAtSynth,
  dangers,
} from '../../packages/cdk/src/multisigSettings.js'
import { createKmsClient } from '../../packages/core/src/kms/index.js'
import { encodeMultiSend } from '../../packages/guard/src/calls/index.js'
import {
  byPolicy,
  Danger,
  encodeExecution,
  Proposal,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { callDynamo } from '../support/ledgerTable.js'
import { runCli } from '../support/runCli.js'
import { executeElsewhere } from '../support/safe/executeElsewhere.js'
import {
  type Answer,
  type MultisigHome,
  openMultisigHome,
} from '../support/safe/openMultisigHome.js'
import {
  deployOpenZeppelin,
  deployThief,
} from '../support/safe/testContracts.js'

// The stack as it is deployed, its functions over HTTP, each caller with its
// own credentials, and Safe's own contracts.

let home: MultisigHome
beforeAll(async () => {
  const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
  const named = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, role(name)]))
  home = await openMultisigHome({
    // Emil only proposes; Fred proposes, and approves for the first owner.
    owners: [
      { approvers: named('anna', 'fred') },
      ...['bert', 'cleo'].map((name) => ({ approvers: named(name) })),
    ],
    proposers: named('dora', 'emil', 'fred'),
  })
  await home.pin(await home.createSafe())
})
afterAll(() => home?.close())

const payee: Hex = `0x${'aa'.repeat(20)}`
let count = 1n
/** Proposals differ, so that each has a hash of its own. */
const pay = (more: object = {}) =>
  home.coordinate({
    operation: 'propose',
    calls: [{ to: payee, value: String(count++) }],
    ...more,
  })
const hashOf = ({ safe_tx_hash }: Answer) => ({ safe_tx_hash })
const approve = (number: number, proposal: Answer, as?: string) =>
  home.cosign(number, { operation: 'approve', ...hashOf(proposal) }, as)
const ask = (operation: string, proposal: Answer, as?: string) =>
  home.coordinate({ operation, ...hashOf(proposal) }, as)
const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function transferOwnership(address newOwner)',
  'function swapOwner(address prevOwner, address oldOwner, address newOwner)',
])
const encode = (functionName: string, ...args: unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args } as never)
const typeOf = async (answer: Promise<Answer>) => (await answer).errorType
const balanceOf = async (address: Hex) =>
  BigInt(
    (await home.chain.anvil.call('eth_getBalance', [address, 'latest'])) as Hex,
  )
const sentBy = async (address: Hex) =>
  Number(
    await home.chain.anvil.call('eth_getTransactionCount', [address, 'latest']),
  )

test('one approval does not execute, the second does, and once', async () => {
  const before = await balanceOf(payee)
  const proposal = await pay()
  expect(proposal).toMatchObject({ status: 'waiting', signed: [] })
  expect(await approve(1, proposal)).toMatchObject({
    ...{ approved: true, signed_now: true, findings: [] },
    ...hashOf(proposal),
  })
  expect((await ask('execute', proposal)).errorMessage).toMatch(
    'The transaction has 1 of 2 required signatures.',
  )
  expect(await approve(2, proposal)).toMatchObject({ signed_now: true })
  const signs = home.signs()
  expect(await approve(2, proposal)).toMatchObject({ signed_now: false })
  expect(home.signs()).toBe(signs)
  // Each signature has one line in the log, the third approval has none.
  const logged = home.lines
    .filter((line) => line.includes('"message":"signed"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))))
    .filter(({ digest }) => digest === proposal.safe_tx_hash)
  expect(logged.map(({ caller }) => caller)).toEqual(['anna', 'bert'])
  expect(new Set(logged.map((line) => line.kms_request_id)).size).toBe(2)
  const relayer = home.addressOf('relayer')
  const sent = await sentBy(relayer)
  const [one, other] = await Promise.all([
    ask('execute', proposal),
    ask('execute', proposal),
  ])
  for (const answer of [one, other, await ask('execute', proposal)])
    expect(answer).toMatchObject({
      status: expect.stringMatching(/mined|executing/),
    })
  expect(await home.execute(proposal)).toMatchObject({
    status: 'mined',
    execution: { outcome: 'success', by: 'relayer' },
    why: expect.stringContaining('the Safe logged ExecutionSuccess'),
  })
  expect(await sentBy(relayer)).toBe(sent + 1)
  expect((await balanceOf(payee)) > before).toBe(true)
  // No answer has ever had a signature.
  expect(JSON.stringify([proposal, one, other])).not.toMatch(/[0-9a-f]{130}/)
})

test('the status says who could sign without being asked', async () => {
  expect(await home.coordinate({ operation: 'status' })).toMatchObject({
    ...{ threshold: 2, changes: [] },
    trust:
      "3 owners have their keys in this AWS account, and the Safe's threshold is 2: anyone who deploys to the account or administers it can move everything. Keep owners in separate accounts.",
  })
})

describe('who may do what', () => {
  let proposal: Answer
  beforeAll(async () => {
    proposal = await pay()
  })
  const denied = /not authorized to perform: lambda:InvokeFunction/

  test.each(['anna', 'bert', 'cleo'])(
    '%s approves for one owner and proposes nothing',
    async (name) => {
      const own = ['anna', 'bert', 'cleo'].indexOf(name) + 1
      for (const number of [1, 2, 3].filter((each) => each !== own)) {
        const alias = ['anna', 'bert', 'cleo'][number - 1]
        const event = { operation: 'approve', ...hashOf(proposal) }
        const target = `treasury-cosigner-${number}`
        for (const qualified of [
          `${target}:${alias}`,
          target,
          `${target}:${name}`,
        ])
          await expect(home.invoke(qualified, event, name)).rejects.toThrow()
        await expect(
          home.invoke(`${target}:${alias}`, event, name),
        ).rejects.toThrow(denied)
      }
      for (const operation of [
        'list',
        'propose',
        'execute',
        'reject',
        'export',
      ])
        await expect(
          home.invoke('treasury-coordinator:dora', { operation }, name),
        ).rejects.toThrow(denied)
    },
  )

  test("who proposes approves for nobody, and can't ask the relayer", async () => {
    for (const name of [
      'treasury-cosigner-1:anna',
      'treasury-sender:coordinator',
      'treasury-reconciler:admin',
    ])
      await expect(home.invoke(name, {}, 'dora')).rejects.toThrow(denied)
  })

  test('the status alias answers nothing but the status', async () => {
    // The operator may invoke everything, as who deploys may.
    const answer = await home.invoke(
      'treasury-cosigner-1:status',
      { operation: 'approve', ...hashOf(proposal) },
      'operator',
    )
    expect(answer.errorType).toBe('CallerNotAllowedError')
  })

  /** What KMS answers to somebody who asks for a signature by owner's key n. */
  async function sign(as: string, alias: string): Promise<string> {
    const { endpoint, region } = home.home
    const credentials = home.home.credentials(as)
    const key = `alias/treasury-${alias}`
    const service = createKmsClient({ endpoint, region, credentials })
    const digest = new Uint8Array(32).fill(7)
    return service.signDigest(key, digest).then(
      () => 'signed',
      (error: Error) => error.message,
    )
  }

  test.each(['anna', 'dora', 'admin'])(
    "%s can't sign with any key",
    async (name) => {
      for (const alias of ['owner-1', 'owner-2', 'owner-3', 'relayer'])
        expect(await sign(home.role(name), alias)).toContain('AccessDenied')
    },
  )

  test("nor can the functions' roles outside of their functions", async () => {
    for (const name of ['treasury-cosigner-1', 'treasury-coordinator'])
      for (const alias of ['owner-1', 'owner-2', 'relayer'])
        expect(await sign(home.role(name), alias)).toContain('AccessDenied')
  })

  test("the table is nobody's but the functions'", async () => {
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } }
    for (const as of [
      'operator',
      'admin',
      'dora',
      'treasury-cosigner-1',
      'treasury-sender',
    ].map((name) => (name === 'operator' ? name : home.role(name))))
      for (const [operation, input] of [
        ['Scan', {}],
        ['GetItem', { Key }],
        ['PutItem', { Item: Key }],
        ['UpdateItem', { Key }],
        ['DeleteItem', { Key }],
      ] as const)
        await expect(home.table(as, operation, input)).rejects.toThrow(
          /AccessDenied/,
        )
  })
})

describe('what is decided before a signature', () => {
  test('proposals at one nonce are alternatives; one of them is executed', async () => {
    const [one, other] = [await pay(), await pay()]
    expect(await ask('get', one)).toMatchObject({
      alternatives: expect.arrayContaining([other.safe_tx_hash]),
    })
    for (const number of [1, 3]) await approve(number, other)
    expect(await home.execute(other)).toMatchObject({ status: 'mined' })
    expect(await ask('get', one)).toMatchObject({
      status: 'replaced',
      why: expect.stringContaining(String(other.safe_tx_hash)),
    })
    expect(await typeOf(approve(1, one))).toBe('SafeNonceError')
    expect(await typeOf(ask('execute', one))).toBe('SafeNonceError')
  })

  test('what is rejected is neither approved nor executed, and its nonce used up', async () => {
    const unsigned = await pay()
    expect(await ask('reject', unsigned)).toMatchObject({
      ...{ status: 'rejected', replacement: null },
      why: 'Rejected by dora. Nobody has signed the proposal here.',
    })
    const proposal = await pay()
    for (const number of [1, 2]) await approve(number, proposal)
    const rejected = await ask('reject', proposal)
    expect(rejected).toMatchObject({
      status: 'rejected',
      why: expect.stringMatching(/stay valid until the Safe's nonce/),
    })
    expect(await typeOf(approve(3, proposal))).toBe('ProposalClosedError')
    expect(await typeOf(ask('execute', proposal))).toBe('ProposalClosedError')
    const replacement = rejected.replacement as Answer
    expect(await approve(1, replacement)).toMatchObject({
      call: {
        to: expect.stringMatching(new RegExp(home.file.domain.safe, 'i')),
      },
    })
    await approve(3, replacement)
    expect(await home.execute(replacement)).toMatchObject({ status: 'mined' })
    expect(await ask('get', proposal)).toMatchObject({ status: 'replaced' })
  })

  test('who only proposes rejects nothing of others; who approves does', async () => {
    const proposal = await pay()
    await approve(1, proposal)
    expect(await ask('reject', proposal, 'emil')).toMatchObject({
      errorType: 'RejectNotAllowedError',
      errorMessage: expect.stringContaining(
        `"emil" can't reject the proposal ${proposal.safe_tx_hash}, which "dora" proposed.`,
      ),
    })
    expect(await ask('get', proposal)).toMatchObject({ status: 'waiting' })
    expect(await ask('reject', proposal, 'fred')).toMatchObject({
      status: 'rejected',
    })
  })

  test('a co-signer waits until the coordinator sees what its own node sees', async () => {
    const first = await pay()
    const next = await pay({ nonce: String(Number(first.nonce) + 1) })
    for (const number of [1, 2]) await approve(number, first)
    const { bundle } = await ask('export', first)
    await executeElsewhere(home, await Proposal.fromBundle(bundle))
    const signs = home.signs()
    expect((await approve(1, next)).errorMessage).toMatch(
      /see different states of the Safe/,
    )
    expect(home.signs()).toBe(signs)
    expect(await ask('get', first)).toMatchObject({
      status: 'mined',
      execution: { by: 'somebody else' },
      why: expect.stringContaining('Executed by somebody else'),
    })
    expect(await approve(1, next)).toMatchObject({ signed_now: true })
    await ask('reject', next)
  })
})

describe('the relayer, asked by who may invoke everything', () => {
  const zero = `0x${'00'.repeat(20)}`
  const execution = (value = 0n) =>
    encodeExecution(
      SafeTransaction.create({ to: payee, nonce: 0n, value }),
      `0x${'00'.repeat(130)}`,
    )
  test.each<[string, (safe: Hex) => object, RegExp]>([
    ['a payment', () => ({ dst_address: payee }), /It goes to 0xaaaa/],
    [
      'value for the Safe',
      (safe) => ({ dst_address: safe, value_wei: '1', data: execution() }),
      /It has a value of 1 wei/,
    ],
    [
      'another function of the Safe',
      (safe) => ({
        dst_address: safe,
        data: encode('swapOwner', zero, zero, payee),
      }),
      /Its data \(0xe318b52b\) is not a canonical call of execTransaction/,
    ],
    [
      'bytes behind the execution',
      (safe) => ({ dst_address: safe, data: `${execution()}00` }),
      /is not a canonical call of execTransaction/,
    ],
    [
      'execTransaction of another contract',
      () => ({ dst_address: payee, data: execution() }),
      /Allowed: execTransaction of the Safe 0x/,
    ],
  ])('refuses %s', async (name, toFields, reason) => {
    const signs = home.signs()
    const event = {
      operation: 'send',
      value_wei: '0',
      idempotency_key: name.replaceAll(' ', '-'),
    }
    const answer = await home.invoke(
      'treasury-sender:coordinator',
      { ...event, ...toFields(home.file.domain.safe) },
      'operator',
    )
    expect(answer).toMatchObject({
      errorType: 'NotRelayableError',
      errorMessage: expect.stringMatching(reason),
    })
    expect(home.signs()).toBe(signs)
  })

  test('simulates an execution first', async () => {
    const signs = home.signs()
    // Nobody has signed it.
    const event = { operation: 'send', idempotency_key: 'unsigned' }
    const { safe } = home.file.domain
    const call = { dst_address: safe, value_wei: '0', data: execution(1n) }
    const answer = await home.invoke(
      'treasury-sender:coordinator',
      { ...event, ...call },
      'operator',
    )
    expect(answer.errorType).toBe('WouldFailError')
    expect(home.signs()).toBe(signs)
  })
})

describe('the three thefts, each refused by each co-signer alone', () => {
  /** Proposed as it is, fields and all. */
  const propose = (given: Partial<SafeTransaction.SafeTransaction>) => {
    const { domain } = home.file
    const transaction = SafeTransaction.create({
      ...{ to: payee, nonce: next(), ...given },
    })
    const bundle = Proposal.toBundle(Proposal.create(domain, transaction))
    return home.coordinate({ operation: 'propose', bundle })
  }
  let nonce = 0n
  const next = () => nonce
  beforeAll(async () => {
    const { nonce: now } = await home.coordinate({ operation: 'status' })
    nonce = BigInt(String(now))
  })

  async function refusals(proposal: Answer): Promise<string[]> {
    const signs = home.signs()
    const texts: string[] = []
    for (const number of [1, 2, 3])
      texts.push(String((await approve(number, proposal)).errorMessage))
    expect(home.signs()).toBe(signs)
    await ask('reject', proposal)
    return texts
  }

  test('a delegatecall that rewrites slot 0', async () => {
    const thief = await deployThief(home.chain, 'slot0Writer')
    const data = encode('transfer', payee, 0n)
    const proposal = await propose({ to: thief, data, operation: 1 })
    for (const text of await refusals(proposal)) {
      expect(text).toContain('delegatecall')
      expect(text.toLowerCase()).toContain(thief.toLowerCase())
    }
  })

  test('transferOwnership within a batch', async () => {
    const contract = await deployOpenZeppelin(home.chain, 'ProxyAdmin')
    const { bundle } = await ask('export', await pay())
    const { transaction } = await Proposal.fromBundle(bundle)
    const calls = [
      transaction,
      { to: contract, value: 0n, data: encode('transferOwnership', payee) },
    ]
    const { chain } = home
    const proposal = await propose({
      to: chain.addresses['1.4.1'].multiSendCallOnly.toLowerCase() as Hex,
      ...{ operation: 1, data: encodeMultiSend(calls) },
    })
    for (const text of await refusals(proposal))
      expect(text).toMatch(
        /ownership \(call 1\): transferOwnership \(0xf2fde38b\)/,
      )
  })

  test('an owner swapped for another account', async () => {
    const [last] = home.owners.slice(-1)
    const before = home.owners.at(-2)
    const { safe } = home.file.domain
    const data = encode('swapOwner', before, last, payee)
    for (const text of await refusals(await propose({ to: safe, data })))
      expect(text).toMatch(/owners: swapOwner/)
  })
})

/** The command line, as who deploys. */
function keyward(...args: string[]) {
  const { endpoint, region } = home.home
  const { accessKeyId, secretAccessKey } = home.home.credentials('operator')
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  }
  return runCli([...args, '--stack', 'treasury', '--json'], { env })
}

test('destroy would look at each account, and at the Safe', async () => {
  const { stdout, code } = await keyward('destroy', '--dry-run')
  expect(code).toBe(0)
  const { keys, holders } = JSON.parse(stdout)
  const roles = ['owner-1', 'owner-2', 'owner-3', 'relayer']
  expect(keys.map(({ role }: Answer) => role)).toEqual(roles)
  expect(holders.map(({ role }: Answer) => role)).toEqual([...roles, 'safe'])
})

test('doctor looks at the table of proposals', async () => {
  const { checks } = JSON.parse((await keyward('doctor')).stdout)
  expect(checks).toContainEqual(
    expect.objectContaining({
      ...{ name: "proposals' protection", ok: true },
      found:
        'only 4 roles or users can write to the proposals or read them, and no one can delete items',
    }),
  )
})

test('ledger protect leaves the table of proposals as it is', async () => {
  const { endpoint } = home.home
  const at = { endpoint, credentials: home.home.credentials('operator') }
  const { TableNames } = await callDynamo(at, 'ListTables', {})
  const [table] = (TableNames as string[]).filter((one) =>
    one.includes('Proposals'),
  )
  const user = 'arn:aws:iam::000000000000:role/treasury-coordinator'
  const args = ['protect', String(table), '--writer', user, '--yes']
  const { code, stdout, stderr } = await keyward('ledger', ...args)
  expect(code).toBe(1)
  const { error } = JSON.parse(stdout)
  expect(error).toContain(
    `The table "${table}" contains the proposals of the multisig treasury and is not a ledger.`,
  )
  expect(error + stderr).toContain('keyward deploy --stack treasury')
})

test('freeze stops every function and every key, unfreeze lets them go on', async () => {
  // Whether a key may be disabled is its policy's to say: each is tried.
  const frozen = JSON.parse((await keyward('freeze')).stdout)
  const parts = (kind: string) =>
    frozen.steps.filter((step: { kind: string }) => step.kind === kind)
  expect(parts('key')).toHaveLength(4)
  expect(parts('function')).toHaveLength(6)
  await expect(home.cosign(1, { operation: 'status' })).rejects.toThrow()
  await expect(home.coordinate({ operation: 'status' })).rejects.toThrow()
  await keyward('unfreeze', '--yes')
  expect(await home.cosign(1, { operation: 'status' })).toHaveProperty('safe')
})

describe('a function whose settings somebody changed', () => {
  // Its role stays what it was: the code runs in it, and still can't.
  let proposal: Answer
  beforeAll(async () => {
    proposal = await pay()
    await home.pin(home.file.domain.safe, ({ Resources }) => {
      const of = (name: string) =>
        Object.values(Resources).find(
          ({ Type, Properties }) =>
            Type === 'AWS::Lambda::Function' &&
            Properties.FunctionName === name,
        )?.Properties as {
          Code: unknown
          Environment: { Variables: Record<string, unknown> }
        }
      const [first, second] = [1, 2].map((n) => of(`treasury-cosigner-${n}`))
      const key = second?.Environment.Variables.KMS_KEY_ID
      if (first)
        Object.assign(first.Environment.Variables, {
          KMS_KEY_ID: key,
          // So that it begins with kms:Sign.
          KEYWARD_ADDRESS: home.owners[1],
        })
      for (const { Type, Properties } of Object.values(Resources))
        if (Type === 'AWS::Lambda::Alias')
          Properties.FunctionVersion = '$LATEST'
      const coordinator = of('treasury-coordinator')
      coordinator.Code = second?.Code
      coordinator.Environment.Variables.KMS_KEY_ID = key
    })
  })

  test("co-signer 1 can't sign with key 2, nor the coordinator with any", async () => {
    const event = { operation: 'status' }
    for (const [answer, action] of [
      [await approve(1, proposal), 'kms:Sign'],
      [await home.cosign(1, event), 'kms:GetPublicKey'],
      [await home.coordinate(event), 'kms:GetPublicKey'],
    ] as const)
      expect(answer).toMatchObject({
        errorType: 'KmsServiceError',
        errorMessage: expect.stringMatching(
          new RegExp(`AccessDenied.*\\n.*not authorized to perform: ${action}`),
        ),
      })
    // Its own function still does.
    expect(await approve(2, proposal)).toMatchObject({ signed_now: true })
  })
})

test('synth knows the same dangers as the functions', () => {
  expect(dangers).toEqual(Danger.names)
  // Without those that open nothing.
  expect(byPolicyAtSynth).toEqual(JSON.parse(JSON.stringify(byPolicy)))
})
