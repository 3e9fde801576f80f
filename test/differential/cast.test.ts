import fc from 'fast-check'
import { beforeAll, expect, test, vi } from 'vitest'
import {
  Authorization,
  Message,
  Signature,
  SigningKey,
  Transaction,
} from '../../packages/core/src/index.js'
import { castPath } from '../support/castPath.js'
import { createMemoryKey, type MemoryKey } from '../support/memoryKeyService.js'
import { run } from '../support/runCli.js'
import { soak } from '../support/tools.js'
import { address, lowerCase, transaction, uint } from './arbitraries.js'

vi.setConfig({ testTimeout: soak ? 1_200_000 : 60_000 })

let memory: MemoryKey
let key: SigningKey.SigningKey
beforeAll(async () => {
  memory = createMemoryKey()
  const { service } = memory
  key = await SigningKey.connect({ service, keyId: 'alias/differential' })
})

const types = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'] as const

async function cast(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(castPath(), args)
  if (code !== 0) throw new Error(`cast ${args[0]}: ${stderr}`)
  return stdout.trim()
}

const quantity = (value: bigint | number) => `0x${value.toString(16)}`

/** A transaction as alloy writes it in JSON. */
function toRpc(tx: Transaction.Unsigned): Record<string, unknown> {
  const fields: Record<string, unknown> = { to: null }
  const names: Record<string, string> = { data: 'input' }
  for (const [name, value] of Object.entries(lowerCase(tx)))
    fields[names[name] ?? name] =
      typeof value === 'bigint' || typeof value === 'number'
        ? quantity(value)
        : value
  fields.type = quantity(types.indexOf(tx.type))
  if (tx.type === 'eip7702')
    fields.authorizationList = tx.authorizationList.map((entry) => ({
      address: entry.address.toLowerCase(),
      chainId: quantity(entry.chainId),
      nonce: quantity(entry.nonce),
      yParity: quantity(entry.yParity),
      r: quantity(BigInt(entry.r)),
      s: quantity(BigInt(entry.s)),
    }))
  return fields
}

// alloy holds gas and nonces in 64 bits and fees in 128; no account can pay more
// than 2^256-1 in all.
const width = { wei: 255, gas: 64, fee: 128, nonce: 64 }

test('cast reads every type as it was meant, from the signer it is from', async () => {
  await fc.assert(
    fc.asyncProperty(
      // Arguments of a program are limited to 128 KiB.
      transaction(width).filter((tx) => tx.data.length < 100_000),
      async (tx) => {
        const { raw, hash, from } = await Transaction.sign(key, tx)
        const text = await cast('decode-transaction', raw)
        const { v, yParity, r, s, gasPrice, ...fields } = JSON.parse(
          JSON.parse(text) as string,
        ) as Record<string, unknown>
        const { signature } = await Transaction.decode(raw)
        expect([r, s].map((value) => BigInt(value as string))).toEqual([
          signature.r,
          signature.s,
        ])
        if (tx.type !== 'legacy')
          expect(Number(yParity)).toBe(signature.yParity)
        else
          expect(BigInt(v as string)).toBe(
            BigInt(tx.chainId) * 2n + 35n + BigInt(signature.yParity),
          )
        expect({
          ...fields,
          ...('gasPrice' in tx ? { gasPrice } : {}),
        }).toEqual({ ...toRpc(tx), signer: from.toLowerCase(), hash })
      },
    ),
    { numRuns: soak ? 200 : 10 },
  )
})

test('cast verifies messages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (raw) => {
      const signature = await Message.sign(key, { raw })
      const message = `0x${Buffer.from(raw).toString('hex')}`
      expect(
        await cast(
          'wallet',
          'verify',
          '--address',
          key.address,
          message,
          signature,
        ),
      ).toContain('Validation succeeded')
    }),
    { numRuns: soak ? 200 : 5 },
  )
})

test('cast signs authorisations that recover to the same account', async () => {
  await fc.assert(
    fc.asyncProperty(
      address,
      fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 32 })),
      fc.oneof(fc.constant(0n), uint(53)),
      async (contract, chainId, nonce) => {
        const encoded = await cast(
          ...['wallet', 'sign-auth', contract],
          ...['--private-key', memory.privateKey],
          ...['--chain', String(chainId), '--nonce', String(nonce)],
        )
        const list = await cast('from-rlp', encoded)
        const [, , , yParity, r, s] = JSON.parse(list) as string[]
        const given = { address: contract, chainId, nonce }
        expect(
          await Authorization.recover({
            ...given,
            ...Signature.toRpc({
              r: BigInt(r ?? ''),
              s: BigInt(s ?? ''),
              yParity: yParity === '0x01' ? 1 : 0,
            }),
          }),
        ).toBe(key.address)
      },
    ),
    { numRuns: soak ? 200 : 5 },
  )
})
