import { TypedDataEncoder } from 'ethers'
import { type Hex, hashTypedData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  cosign,
  encodeExecution,
  NewSafe,
  Proposal,
  readState,
  review,
  SafeMessage,
  SafeSignature,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { createRandom } from '../simulator/random.js'
import { openProtocolKit } from '../support/safe/openProtocolKit.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import { createOwners, type Owner, openSafe } from '../support/safe/owners.js'
import { loadProtocolKit } from '../support/safe/protocolKit.js'

// Safe's own tools agree with each step, in both directions.

let chain: SafeChain
let owners: Owner[]
let addresses: Hex[]
beforeAll(async () => {
  chain = await openSafeChain()
  owners = await createOwners(3)
  addresses = owners.map(({ address }) => address)
})
afterAll(() => chain?.close())

const payee: Hex = `0x${'aa'.repeat(20)}`

describe('hashes', () => {
  test('are those of viem, ethers and protocol-kit', async () => {
    const { calculateSafeTransactionHash } = await loadProtocolKit()
    const random = createRandom(3)
    const number = () =>
      BigInt(random.below(2 ** 31)) ** BigInt(1 + random.below(7))
    const address = (): Hex =>
      `0x${random
        .below(2 ** 31)
        .toString(16)
        .padStart(40, '0')}`
    for (let round = 0; round < 50; round++) {
      const domain = { chainId: 1 + random.below(100_000), safe: address() }
      const transaction: SafeTransaction.SafeTransaction = {
        to: address(),
        value: number(),
        data: random.chance(0.3) ? '0x' : `0x${'ab'.repeat(random.below(80))}`,
        operation: random.chance(0.5) ? 0 : 1,
        safeTxGas: number(),
        baseGas: number(),
        gasPrice: number(),
        gasToken: address(),
        refundReceiver: address(),
        nonce: number(),
      }
      const ours = SafeTransaction.hash(domain, transaction)
      const {
        domain: named,
        types,
        primaryType,
        message,
      } = SafeTransaction.toTypedData(domain, transaction)
      expect(ours.safeTx).toBe(
        hashTypedData({ domain: named, types, primaryType, message } as never),
      )
      const { EIP712Domain: _, ...rest } = types
      expect(ours.safeTx).toBe(
        TypedDataEncoder.hash(named as never, rest as never, message),
      )
      expect(ours.domain).toBe(TypedDataEncoder.hashDomain(named as never))
      expect(ours.message).toBe(
        TypedDataEncoder.hashStruct('SafeTx', rest as never, message),
      )
      expect(
        calculateSafeTransactionHash(
          domain.safe,
          Object.fromEntries(
            Object.entries(transaction).map(([name, value]) => [
              name,
              typeof value === 'bigint' ? String(value) : value,
            ]),
          ) as never,
          '1.4.1',
          BigInt(domain.chainId),
        ),
      ).toBe(ours.safeTx)
    }
  })

  test('of a message, by its preimage', async () => {
    const { calculateSafeMessageHash, hashSafeMessage } =
      await loadProtocolKit()
    const domain = { chainId: 31337, safe: payee }
    const { EIP712Domain: _, ...types } = SafeMessage.toTypedData(domain, {
      message: 'hello',
    }).types
    const typedData = SafeMessage.toTypedData(domain, { message: 'hello' })
    expect(
      TypedDataEncoder.hash(
        typedData.domain as never,
        types as never,
        typedData.message,
      ),
    ).toBe(
      calculateSafeMessageHash(
        payee,
        hashSafeMessage('hello'),
        '1.4.1',
        31337n,
      ),
    )
  })
})

test('a new Safe stands where it was foretold, by our transaction', async () => {
  const safe = { owners: addresses, threshold: 2, saltNonce: 77n }
  const predicted = NewSafe.predictAddress(safe)
  const kit = await openProtocolKit(chain, {
    safe: { owners: addresses, threshold: 2, saltNonce: '77' } as never,
  }).catch(() => undefined)
  if (kit !== undefined)
    expect((await kit.getAddress()).toLowerCase()).toBeTypeOf('string')
  expect(await chain.send(NewSafe.toCreation(safe))).toMatchObject({
    status: '0x1',
  })
  const { rpc } = await openSafe(chain, { owners: addresses })
  expect(await readState(rpc, { safe: predicted })).toMatchObject({
    owners: addresses,
    threshold: 2,
    version: '1.4.1',
    nonce: 0n,
    modules: [],
  })
})

describe('a transaction', () => {
  test('that two of ours signed is executed by protocol-kit', async () => {
    const safe = await openSafe(chain, { owners: addresses })
    const seen = await review(
      safe.domain,
      SafeTransaction.create({ to: payee, value: 9n, nonce: 0n }),
      safe.review,
    )
    let proposal = Proposal.create(safe.domain, seen.transaction)
    for (const { key } of owners.slice(0, 2))
      proposal = Proposal.add(proposal, await cosign(key, seen))
    const bundle = JSON.parse(JSON.stringify(Proposal.toBundle(proposal)))
    const signer = privateKeyToAccount(owners[2]!.privateKey)
    await chain.fund(signer.address, 10n ** 18n)
    const kit = await openProtocolKit(chain, { safe: safe.address, signer })
    // As the transaction service answers it.
    const { hash } = await kit.executeTransaction(bundle, {
      gasLimit: '300000',
    })
    expect(await chain.anvil.receipt(hash)).toMatchObject({ status: '0x1' })
    expect(await readState(safe.rpc, safe.domain)).toMatchObject({ nonce: 1n })
  })

  test('that protocol-kit began is completed by ours', async () => {
    const safe = await openSafe(chain, { owners: addresses })
    const signer = privateKeyToAccount(owners[0]!.privateKey)
    const kit = await openProtocolKit(chain, { safe: safe.address, signer })
    const made = await kit.createTransaction({
      transactions: [{ to: payee, value: '4', data: '0x' }],
    })
    const signed = await kit.signTransaction(made)
    const [confirmation] = [...signed.signatures.values()]
    const proposal = await Proposal.fromBundle(
      {
        ...signed.data,
        safe: safe.address,
        nonce: String(signed.data.nonce),
        safeTxHash: await kit.getTransactionHash(signed),
        confirmations: [
          { owner: confirmation!.signer, signature: confirmation!.data },
        ],
      },
      { chainId: chain.chainId },
    )
    const seen = await review(safe.domain, proposal.transaction, safe.review)
    const whole = Proposal.add(proposal, await cosign(owners[1]!.key, seen))
    const receipt = await chain.send({
      to: safe.address,
      data: encodeExecution(
        whole.transaction,
        SafeSignature.pack(whole.signatures),
      ),
    })
    expect(receipt).toMatchObject({ status: '0x1' })
  })
})

describe('a bundle', () => {
  test('with a changed field, or a confirmation of nobody, is refused', async () => {
    const safe = await openSafe(chain, { owners: addresses })
    const seen = await review(
      safe.domain,
      SafeTransaction.create({ to: payee, value: 1n, nonce: 0n }),
      safe.review,
    )
    const proposal = Proposal.add(
      Proposal.create(safe.domain, seen.transaction),
      await cosign(owners[0]!.key, seen),
    )
    const bundle = Proposal.toBundle(proposal)
    expect(await Proposal.fromBundle(bundle)).toEqual(proposal)
    await expect(
      Proposal.fromBundle({ ...bundle, value: '2' }),
    ).rejects.toThrow('Somebody changed a field')
    const [one] = bundle.confirmations
    await expect(
      Proposal.fromBundle({
        ...bundle,
        confirmations: [{ ...one, owner: addresses[1] }],
      }),
    ).rejects.toThrow('was signed by')
    await expect(
      Proposal.fromBundle({ ...bundle, nonce: -1, operation: 2, to: 'me' }),
    ).rejects.toThrow('3 problems')
  })
})
