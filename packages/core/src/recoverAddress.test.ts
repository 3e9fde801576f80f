import fc from 'fast-check'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import * as Message from './Message.js'
import { recoverAddress } from './recoverAddress.js'
import { order } from './Signature.js'

const account = privateKeyToAccount(generatePrivateKey())
const hex = (value: bigint) => value.toString(16).padStart(64, '0')

test('recovers what viem signed, with v of 27 and 28 or 0 and 1', async () => {
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

test('answers undefined for what is no signature of the one form', async () => {
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
    `${r}${s}`,
    `${r}${s}1b00`,
  ])
    expect(await recoverAddress(digest, `0x${bad}`)).toBeUndefined()
})
