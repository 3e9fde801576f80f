import fc from 'fast-check'
import {
  generatePrivateKey,
  privateKeyToAccount,
  privateKeyToAddress,
} from 'viem/accounts'
import { expect, test } from 'vitest'
import * as Message from './Message.js'
import { recoverAddress } from './recoverAddress.js'
import { order } from './Signature.js'

const account = privateKeyToAccount(generatePrivateKey())
const hex = (value: bigint) => value.toString(16).padStart(64, '0')

test("recovers viem's signatures, with v of 27 and 28 or 0 and 1", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (message) => {
      const digest = Message.getSignPayload(message)
      const signature = await account.signMessage({ message })
      expect(await recoverAddress(digest, signature)).toBe(account.address)
      const parity = signature.endsWith('1b') ? '00' : '01'
      const short = `${signature.slice(0, -2)}${parity}` as const
      expect(await recoverAddress(digest, short as `0x${string}`)).toBe(
        account.address,
      )
    }),
    { numRuns: 20 },
  )
})

test('reads the examples of the compact form in EIP-2098', async () => {
  const signer = privateKeyToAddress(`0x${'1234567890'.repeat(6)}1234`)
  for (const [message, compact] of [
    [
      'Hello World',
      '0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b907e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064',
    ],
    [
      "It's a small(er) world",
      '0x9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793',
    ],
  ] as const)
    expect(await recoverAddress(Message.getSignPayload(message), compact)).toBe(
      signer,
    )
})

test('returns undefined for a signature in any other form', async () => {
  const digest = Message.getSignPayload('hello')
  const signature = await account.signMessage({ message: 'hello' })
  const [r, s] = [signature.slice(2, 66), signature.slice(66, 130)]
  const flipped = signature.endsWith('1b') ? '1c' : '1b'
  for (const bad of [
    `${r}${hex(order - BigInt(`0x${s}`))}${flipped}`,
    `${r}${s}1d`,
    `${r}${s}02`,
    `${hex(0n)}${s}1b`,
    `${hex(order)}${s}1b`,
    `${r}${hex(0n)}1b`,
    `${r}${s}1b00`,
    // EIP-2098 of the other parity is another account's, or nobody's.
    `${r}${hex(BigInt(`0x${s}`) | (1n << 255n))}`.slice(2),
    // An s of the upper half leaves no room for the parity.
    `${r}${hex((order - BigInt(`0x${s}`)) | (1n << 255n))}1b`,
  ])
    expect(await recoverAddress(digest, `0x${bad}`)).toBeUndefined()
})
