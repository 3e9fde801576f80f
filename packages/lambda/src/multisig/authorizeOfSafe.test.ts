import { SigningKey, type SigningRequest, TypedData } from '@keyward/core'
import { SafeMessage, SafeTransaction } from '@keyward/safe'
import { expect, test } from 'vitest'
import { authorizeOfSafe } from './authorizeOfSafe.js'

const domain = { chainId: 1, safe: `0x${'5a'.repeat(20)}` } as const
const other = { ...domain, safe: `0x${'5b'.repeat(20)}` } as const

/** Whether the key would sign it, as checked by the gate. */
async function asks(
  typedData: TypedData.TypedData,
  preimage?: SigningRequest,
  of: typeof domain | undefined = domain,
): Promise<boolean> {
  const context = {
    purpose: 'request',
    keyId: 'k',
    address: undefined,
  } as const
  const digest = TypedData.getSignPayload(typedData)
  const request = { kind: 'typedData', typedData } as const
  try {
    await authorizeOfSafe(of)(request, { ...context, digest, preimage })
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(SigningKey.NotAuthorizedError)
    return false
  }
}

test("an owner's key signs transactions of its Safe and no other", async () => {
  const transaction = SafeTransaction.create({ to: other.safe, nonce: 1n })
  const of = (domain: SafeTransaction.SafeDomain) =>
    SafeTransaction.toTypedData(domain, transaction)
  expect(await asks(of(domain))).toBe(true)
  for (const wrong of [other, { ...domain, chainId: 2 }])
    expect(await asks(of(wrong))).toBe(false)
})

test('a message is signed only together with its preimage', async () => {
  const message = { kind: 'message', message: 'hello' } as const
  const wrapped = SafeMessage.toTypedData(domain, message)
  expect(await asks(wrapped, message)).toBe(true)
  expect(await asks(wrapped)).toBe(false)
  expect(await asks(wrapped, { ...message, message: 'hell' })).toBe(false)
  expect(await asks(SafeMessage.toTypedData(other, message), message)).toBe(
    false,
  )
  const { safeMessage } = SafeMessage.hash(domain, message)
  const blind = {
    ...{ ...wrapped, message: { message: safeMessage } },
  }
  expect(await asks(blind, message)).toBe(false)
  const typed = { kind: 'typedData', typedData: wrapped } as const
  expect(await asks(SafeMessage.toTypedData(domain, typed), typed)).toBe(true)
  expect(await asks(wrapped, typed)).toBe(false)
})
