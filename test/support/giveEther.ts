import { expect } from 'vitest'
import { sendHttp } from './sendHttp.js'

/** Sets what an account has, one ether, of the local chain behind this URL. */
export async function giveEther(
  url: string,
  address: string,
  wei = 10n ** 18n,
): Promise<void> {
  const { body } = await sendHttp(url, {
    headers: { 'content-type': 'application/json', host: new URL(url).host },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'anvil_setBalance' },
      params: [address, `0x${wei.toString(16)}`],
    }),
  })
  expect(JSON.parse(body)).toHaveProperty('result')
}
