import { expect, test } from 'vitest'
import * as SendingConfig from './SendingConfig.js'

const environment = {
  ...{ KMS_KEY_ID: 'alias/keyward-dev', ETH_NETWORK: 'local' },
  ...{ RPC_URL: 'http://127.0.0.1:8545', LEDGER_TABLE: 'ledger' },
}
const read = (WEBHOOK_URL: string) =>
  SendingConfig.read({ ...environment, WEBHOOK_URL }).webhookUrl

test.each(['https://hook.example/a', 'http://127.0.0.1:8787/hook'])(
  'the webhook can be at %s',
  (url) => expect(read(url)).toBe(url),
)

test.each([
  'http://hook.example',
  'http://127.0.0.1@hook.example',
  'http://127.0.0.1.example',
  'hook',
])('the webhook cannot be at %s', (url) => {
  expect(() => read(url)).toThrow(
    `WEBHOOK_URL: got ${url.length} characters; allowed: an https URL`,
  )
})
