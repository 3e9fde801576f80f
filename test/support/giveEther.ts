import { expect } from 'vitest'
import { sendHttp } from './sendHttp.js'

/** One ether, of the local chain behind this URL. */
export async function giveEther(url: string, address: string): Promise<void> {
  const { body } = await sendHttp(url, {
    headers: { 'content-type': 'application/json', host: new URL(url).host },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'anvil_setBalance' },
      params: [address, `0x${(10n ** 18n).toString(16)}`],
    }),
  })
  expect(JSON.parse(body)).toHaveProperty('result')
}
