import { type Hex, keccak256 } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RpcRefusedError } from '../../packages/core/src/rpc/index.js'
import {
  type Danger,
  readState,
  review,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { assemble } from '../support/assemble.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import { createOwners, openSafe } from '../support/safe/owners.js'

// Code that behaves well where it can tell that it is only tried.

const thief: Hex = `0x${'bd'.repeat(20)}`
/** The contract that the Safe calls. */
const called: Hex = `0x${'c0'.repeat(20)}`

let chain: SafeChain
let owners: Hex[]
let safe: Awaited<ReturnType<typeof openSafe>>
beforeAll(async () => {
  chain = await openSafeChain()
  owners = (await createOwners(3)).map(({ address }) => address)
  safe = await openSafe(chain, { owners })
})
afterAll(() => chain?.close())

const put = (code: string) =>
  chain.anvil.call('anvil_setCode', [called, assemble(code)])

async function findings(
  given: Partial<SafeTransaction.SafeTransaction>,
  rules: Danger.Rules = {},
  rpc = safe.rpc,
) {
  const { nonce } = await readState(safe.rpc, safe.domain)
  const transaction = SafeTransaction.create({ to: called, nonce, ...given })
  const options = { ...safe.review, rules, rpc }
  const seen = await review(safe.domain, transaction, options)
  expect(seen.simulation?.failure).toBeUndefined()
  return seen.findings.map(({ danger }) => danger)
}

/** A node without `eth_simulateV1`: only its tracers are left. */
const withTracersOnly = (): typeof safe.rpc => ({
  ...safe.rpc,
  request: async (method, params, options) => {
    if (method === 'eth_simulateV1')
      throw new RpcRefusedError('the node', method, {
        ...{ code: -32601, message: 'no such method', data: undefined },
      })
    return safe.rpc.request(method, params, options)
  },
})

describe('code that runs as the Safe and looks at the gas price', () => {
  const theft = { operation: 1, data: '0xc0406226' } as const
  const rules: Danger.Rules = { open: ['delegatecall'], openCalls: [called] }
  const module = keccak256(
    `0x${thief.slice(2).padStart(64, '0')}${'1'.padStart(64, '0')}`,
  )

  test.each([
    ['all methods', () => safe.rpc],
    ['tracers alone', withTracersOnly],
  ])('can’t hide a slot that nobody watches (%s)', async (_, rpc) => {
    await put('STOP')
    expect(await findings(theft, rules, rpc())).toEqual([])
    const write = `0x01 ${module} SSTORE STOP`
    await put(write)
    expect(await findings(theft, rules, rpc())).toEqual(['storage'])
    await put(`GASPRICE @write JUMPI STOP :write ${write}`)
    expect(await findings(theft, rules, rpc())).toEqual(['storage'])
  })
})
