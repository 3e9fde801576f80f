import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

test('one request is one transaction', async () => {
  const answer = await home.newSender().send(toRequest())
  expect(answer).toMatchObject({ nonce: 0, status: 'sent' })
  expect(await home.anvil.count(home.address)).toBe(1)
})
