import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeMultiSend } from '../../packages/guard/src/calls/index.js'
import { Proposal, SafeTransaction } from '../../packages/safe/src/index.js'
import { createRandom } from '../simulator/random.js'
import {
  type Answer,
  type MultisigHome,
  openMultisigHome,
} from '../support/safe/openMultisigHome.js'
import { safeVersions } from '../support/safe/safeContracts.js'
import {
  deployOpenZeppelin,
  deployThief,
} from '../support/safe/testContracts.js'

// The three thefts against a deployed stack, on Safe's own contracts of either
// version; ordinary transactions under the same settings; and a proposer who may
// not approve.

const payee: Hex = `0x${'aa'.repeat(20)}`
const thief: Hex = `0x${'bd'.repeat(20)}`
const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function mint(address to)',
  'function transferFrom(address from, address to, uint256 id)',
  'function safeTransferFrom(address from, address to, uint256 id)',
  'function transferOwnership(address newOwner)',
  'function swapOwner(address prevOwner, address oldOwner, address newOwner)',
])
const encode = (functionName: string, ...args: unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args } as never)
const lower = (hex: Hex) => hex.toLowerCase() as Hex

/** A proposer can have 20 proposals at a nonce; the thefts take three. */
const ordinary = 17

describe.each(safeVersions)('a stack for a Safe of %s', (version) => {
  let home: MultisigHome
  let batcher: Hex
  beforeAll(async () => {
    home = await openMultisigHome()
    await home.pin(await home.createSafe(2, home.owners, version))
    batcher = lower(home.chain.addresses[version].multiSendCallOnly)
  })
  afterAll(() => home?.close())

  const propose = (given: Partial<SafeTransaction.SafeTransaction>) => {
    const transaction = SafeTransaction.create({
      ...{ to: payee, nonce: 0n, ...given },
    })
    const proposal = Proposal.create(home.file.domain, transaction)
    const bundle = Proposal.toBundle(proposal)
    return home.coordinate({ operation: 'propose', bundle })
  }
  const approve = ({ safe_tx_hash }: Answer) =>
    Promise.all(
      [1, 2, 3].map((number) =>
        home.cosign(number, { operation: 'approve', safe_tx_hash }),
      ),
    )
  async function expectRefused(
    given: Partial<SafeTransaction.SafeTransaction>,
    reason: RegExp,
  ) {
    const signs = home.signs()
    for (const answer of await approve(await propose(given)))
      expect(answer).toMatchObject({
        errorType: 'DangerousTransactionError',
        errorMessage: expect.stringMatching(reason),
      })
    expect(home.signs()).toBe(signs)
  }

  test('a delegatecall that rewrites slot 0 is refused by each owner', async () => {
    const to = lower(await deployThief(home.chain, 'slot0Writer'))
    const data = encode('transfer', thief, 0n)
    await expectRefused(
      { to, data, operation: 1 },
      /delegatecall: .*\n.*storage: .*slot 0/,
    )
  })

  test('so is an ownership handed over within a batch', async () => {
    const owned = lower(await deployOpenZeppelin(home.chain, 'ProxyAdmin'))
    const calls = [
      { to: payee, value: 1n, data: '0x' as const },
      { to: owned, value: 0n, data: encode('transferOwnership', thief) },
    ]
    const batch = { to: batcher, data: encodeMultiSend(calls) }
    await expectRefused(
      { ...batch, operation: 1 },
      /ownership \(call 1\): transferOwnership \(0xf2fde38b\)/,
    )
  })

  test("so is an owner's swap", async () => {
    const [first, second] = home.owners
    const { safe } = home.file.domain
    const data = encode('swapOwner', first, second, thief)
    await expectRefused({ to: safe, data }, /owners: swapOwner \(0xe318b52b\)/)
  })

  test('ordinary transactions are signed by each owner', async () => {
    const { chain, file } = home
    const { safe } = file.domain
    const supply = 10n ** 24n
    const token = lower(
      await deployOpenZeppelin(chain, 'ERC20PresetFixedSupply', [
        ...['Test', 'TST', supply, safe],
      ]),
    )
    const piece = lower(
      await deployOpenZeppelin(chain, 'ERC721PresetMinterPauserAutoId', [
        ...['Piece', 'PCE', 'https://example.org/'],
      ]),
    )
    const { operator } = chain
    for (const id of [0n, 1n]) {
      await chain.send({ to: piece, data: encode('mint', operator) })
      const data = encode('transferFrom', operator, safe, id)
      await chain.send({ to: piece, data })
    }
    const random = createRandom(6)
    const amount = () => BigInt(1 + random.below(1_000_000))
    const makers = [
      () => ({ to: payee, value: amount(), data: '0x' as Hex }),
      () => ({
        to: token,
        value: 0n,
        data: encode('transfer', payee, amount()),
      }),
      () => ({
        to: token,
        value: 0n,
        data: encode('approve', payee, amount()),
      }),
    ]
    const pieceOf = (id: number) => ({
      ...{ to: piece, value: 0n },
      data: encode('safeTransferFrom', safe, payee, BigInt(id)),
    })
    const one = () => makers[random.below(makers.length)]!()
    const refused: unknown[] = []
    for (let round = 0; round < ordinary; round++) {
      const calls = Array.from({ length: 2 + random.below(4) }, one)
      const given =
        round < 2
          ? pieceOf(round)
          : round === 2
            ? { to: safe }
            : round % 3 === 0
              ? {
                  ...{ to: batcher, operation: 1 as const },
                  data: encodeMultiSend(calls),
                }
              : one()
      for (const answer of await approve(await propose(given)))
        if (answer.signed_now !== true) refused.push(answer)
    }
    expect(refused).toEqual([])
    expect(home.signs()).toBe(3 * ordinary)
  })
})

test('who proposed does not approve, whoever else may', async () => {
  const own = await openMultisigHome({
    owners: [
      {
        approvers: {
          dora: 'arn:aws:iam::000000000000:role/dora',
          anna: 'arn:aws:iam::000000000000:role/anna',
        },
      },
    ],
  })
  try {
    await own.pin(await own.createSafe(1, [own.addressOf('owner-1')]))
    const calls = [{ to: payee, value: '1' }]
    const proposal = await own.coordinate({ operation: 'propose', calls })
    const { safe_tx_hash } = proposal
    const event = { operation: 'approve', safe_tx_hash }
    expect(await own.cosign(1, event, 'dora')).toMatchObject({
      errorType: 'OwnProposalError',
    })
    expect(own.signs()).toBe(0)
    expect(await own.cosign(1, event, 'anna')).toMatchObject({
      signed_now: true,
    })
  } finally {
    await own.close()
  }
})
