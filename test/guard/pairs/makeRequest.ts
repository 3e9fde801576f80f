import { checksumAddress } from 'viem'
import type { Asked, Request, Transaction } from '../second/Asked.js'
import { makeCall } from './makeCall.js'
import { makeMessage } from './makeMessage.js'
import { makeTypedData } from './makeTypedData.js'
import type { Random } from './Random.js'
import { accounts, callers, chains, payees, thieves } from './world.js'

/** 29 November 2026, a Sunday, and the week after it. */
const begin = Date.UTC(2026, 10, 29)

export function makeAsked(random: Random): Asked {
  const { chance, int, pick } = random
  const time = begin + int(7 * 24 * 60) * 60_000 + pick([0, 0, 1, 59_999])
  return {
    request: makeRequest(random, Math.floor(time / 1000)),
    ...(chance(0.9) && { caller: pick(callers) }),
    ...(chance(0.92) && { account: pick(accounts) }),
    facts: { time: new Date(time).toISOString() },
  }
}

function makeRequest(random: Random, seconds: number): Request {
  const { int, pick } = random
  const which = int(100)
  if (which < 44)
    return { kind: 'transaction', transaction: makeTransaction(random) }
  if (which < 78)
    return { kind: 'typedData', typedData: makeTypedData(random, seconds) }
  if (which < 94)
    return { kind: 'message', message: makeMessage(random, seconds) }
  if (which < 97)
    return {
      kind: 'authorization',
      authorization: {
        chainId: pick([0, 1, 1, 10]),
        address: pick([...payees, ...thieves]),
        nonce: '0',
      },
    }
  return { kind: 'digest' }
}

function makeTransaction(random: Random): Transaction {
  const { chance, hex, int, pick } = random
  const type = chance(0.75)
    ? 'eip1559'
    : pick(['legacy', 'eip2930', 'eip4844', 'eip7702'])
  const creates = chance(0.1) && !['eip4844', 'eip7702'].includes(type)
  const made = makeCall(random)
  const spelled = (address: string) =>
    chance(0.7) ? address : checksumAddress(address as `0x${string}`)
  const price = `${int(100) * 1e9}`
  const lists = ['eip4844', 'eip7702', 'eip2930', 'eip1559'].includes(type)
  return {
    type,
    chainId: chance(0.8) ? 1 : pick(chains),
    nonce: '7',
    gas: `${pick([21_000, 100_000, 0])}`,
    value: `${made.value}`,
    ...(creates
      ? { data: `0x60${hex(8)}` }
      : { to: spelled(made.to), data: made.data }),
    ...(lists && { accessList: [] }),
    ...(type === 'legacy' || type === 'eip2930'
      ? { gasPrice: price }
      : { maxFeePerGas: price, maxPriorityFeePerGas: '0' }),
    ...(type === 'eip4844' && {
      maxFeePerBlobGas: `${int(50)}`,
      blobVersionedHashes: [`0x01${hex(31)}`, `0x01${hex(31)}`].slice(int(2)),
    }),
    ...(type === 'eip7702' && {
      authorizationList: [
        {
          chainId: 1,
          address: pick(payees),
          nonce: '0',
          yParity: 0,
          r: `0x${'11'.repeat(32)}`,
          s: `0x${'22'.repeat(32)}`,
        },
      ],
    }),
  }
}
