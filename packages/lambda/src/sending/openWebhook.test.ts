import { expect, test } from 'vitest'
import type { Sending } from './openSending.js'
import { openWebhook } from './openWebhook.js'
import * as SendingConfig from './SendingConfig.js'

const arn = (name: string) =>
  `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`

function urlOf(text: string, ETH_NETWORK: string): Promise<string> | undefined {
  const config = SendingConfig.read({
    ...{ KMS_KEY_ID: 'alias/keyward-dev', ETH_NETWORK },
    ...{ RPC_URL: 'http://127.0.0.1:8545', LEDGER_TABLE: 'ledger' },
    ...{ WEBHOOK_URL: arn('url'), WEBHOOK_SECRET: arn('key') },
  })
  const secrets = { read: async () => text }
  return openWebhook({ config, secrets } as unknown as Sending)?.url()
}

test.each([
  ['https://hook.example/a', 'mainnet'],
  ['https://hook.example/a', 'local'],
  ['https://127.hook.example/', 'mainnet'],
  ['https://localhost.example/', 'mainnet'],
  ['https://127.0.0.1/', 'local'],
  ['http://127.0.0.1:8787/hook', 'local'],
  ['http://127.0.0.1:8787/hook', '31337'],
])('a secret may contain the URL %s on %s', async (url, network) =>
  expect(await urlOf(url, network)).toBe(url),
)

test.each([
  ['http://127.0.0.1:9001/', 'mainnet'],
  ['http://localhost:9001/', 'sepolia'],
  ['http://localhost:9001/', 'local'],
  ['https://127.0.0.1:9001/', 'mainnet'],
  ['https://localhost/', 'mainnet'],
  ['https://a.localhost./', 'mainnet'],
  ['https://[::1]/', 'mainnet'],
  ['https://[::]/', 'mainnet'],
  ['https://[::ffff:127.0.0.1]/', 'mainnet'],
  ['https://2130706433/', 'mainnet'],
  ['https://0.0.0.0/', 'sepolia'],
  ['https://127.0.0.1:99999/', 'local'],
  ['http://hook.example', 'local'],
  ['http://127.0.0.1@hook.example', 'local'],
  ['hook', 'mainnet'],
])('a secret must not contain the URL %s on %s', async (url, network) => {
  await expect(urlOf(url, network)).rejects.toThrow(
    `The webhook is misconfigured: ${arn('url')} has ${url.length} characters that are not an https URL of another machine; allowed: an https URL of another machine, or on network local (31337), http://127.0.0.1.`,
  )
})
