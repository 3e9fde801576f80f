import { expect, test } from 'vitest'
import * as SendingConfig from './SendingConfig.js'

const environment = {
  ...{ KMS_KEY_ID: 'alias/keyward-dev', ETH_NETWORK: 'local' },
  ...{ RPC_URL: 'http://127.0.0.1:8545', LEDGER_TABLE: 'ledger' },
}
const read = (WEBHOOK_URL: string, more = {}) =>
  SendingConfig.read({ ...environment, WEBHOOK_URL, ...more }).webhookUrl

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

// There, loopback is the function's own runtime.
test.each(['mainnet', '1', '11155111'])(
  'on the network %s, the webhook cannot be on the same machine',
  (ETH_NETWORK) => {
    expect(() => read('http://127.0.0.1:9001/', { ETH_NETWORK })).toThrow(
      'WEBHOOK_URL: got 22 characters; allowed: an https URL',
    )
  },
)
