import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SigningKey } from '../../packages/core/src/index.js'
import { systemRuntime as runtime } from '../../packages/core/src/rpc/Runtime.js'
import { createLedger } from '../../packages/sender/src/ledger/createLedger.js'
import { createStore } from '../../packages/sender/src/ledger/dynamodb/createStore.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { soak } from '../support/tools.js'
import { withoutConditionsOn } from '../support/withoutConditionsOn.js'

// A request that is let go while KMS signs it, and taken up twice meanwhile.
// Found by a model; without claims it was paid twice.

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

/** A step that waits until it is let through. */
const createGate = () => {
  let open!: () => void
  let reach!: () => void
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const pass = async () => {
    reach()
    await opened
  }
  return { open, reached, pass }
}

const newLedger = (hasClaims: boolean) => {
  const store = createStore(home.tableName, { ...home.aws, runtime })
  return createLedger(
    hasClaims ? store : withoutConditionsOn(store, 'claim'),
    runtime,
  )
}

async function raceOneRequest(hasClaims: boolean): Promise<bigint> {
  const to = `0x${hasClaims ? '51' : '52'}${'00'.repeat(19)}` as const
  const request = toRequest({ value_wei: '12345', dst_address: to })
  const newSender = (options = {}) =>
    home.newSender({ ledger: newLedger(hasClaims), ...options })
  const call = () => ({ deadline: Date.now() + 60_000 })
  const reconcile = (options = {}) =>
    home.reconcile({ ledger: newLedger(hasClaims), ...options })

  // A is bound, and waits for KMS.
  const slowKms = createGate()
  const key: SigningKey.SigningKey = {
    ...home.key,
    address: home.key.address,
    publicKey: home.key.publicKey,
    async sign(request, options) {
      const signature = await home.key.sign(request, options)
      await slowKms.pass()
      return signature
    },
  }
  const a = newSender({ key }).send(request, call())
  await slowKms.reached
  // The reconciler finds the chain dearer than its cap, and lets the nonce go.
  await reconcile({ maxFeePerGas: 1n })
  // B1 takes the nonce that came back, and is slow to bind it.
  const slowBind = createGate()
  const ledger = newLedger(hasClaims)
  const { bind } = ledger
  ledger.bind = async (...parameters) => {
    await slowBind.pass()
    return bind(...parameters)
  }
  const b1 = newSender({ ledger }).send(request, call())
  await slowBind.reached
  // B2 gets another one meanwhile, and sends.
  const b2 = await newSender().send(request, call())
  // KMS answers A at last.
  slowKms.open()
  expect((await a).status).toBe('sent')
  slowBind.open()
  expect((await b1).transactionId).toBe(b2.transactionId)
  // What A had, and may not sign for any more, is filled.
  await reconcile({ fillAfterMs: 0 })
  await reconcile()
  return home.anvil.balance(to)
}

describe('one request, let go and taken up twice', () => {
  test('is paid once', async () => {
    expect(await raceOneRequest(true)).toBe(12345n)
  })

  test.runIf(soak)(
    'is paid twice where no write asks for the claim',
    async () => {
      expect(await raceOneRequest(false)).toBe(24690n)
    },
  )
})
