import { setTimeout as sleep } from 'node:timers/promises'

/** anvil's last account, for which it signs: it pays for what is put there. */
const operator = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720'

/** @typedef {ReturnType<typeof openRpc>} DemoRpc */

/**
 * The home's chain, as somebody who may do everything with it.
 *
 * @param {string} url
 */
export function openRpc(url) {
  /**
   * @param {string} method
   * @param {unknown[]} [params]
   * @returns {Promise<any>}
   */
  async function call(method, params = []) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = /** @type {any} */ (await answer.json())
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  return {
    url,
    call,
    /** @param {{ to: string, data: string }} transaction */
    async send(transaction) {
      const from = { from: operator, gas: '0x7a1200' }
      const hash = await call('eth_sendTransaction', [
        { ...from, ...transaction },
      ])
      for (;;) {
        const receipt = await call('eth_getTransactionReceipt', [hash])
        if (receipt?.status === '0x0') throw new Error(`${hash} reverted.`)
        if (receipt) return receipt
        await sleep(10)
      }
    },
    /**
     * @param {string} address
     * @param {bigint} wei
     */
    setBalance: (address, wei) =>
      call('anvil_setBalance', [address, `0x${wei.toString(16)}`]),
    /** In ether. @param {string} address */
    async balance(address) {
      const wei = BigInt(await call('eth_getBalance', [address, 'latest']))
      const [whole, rest] = [wei / 10n ** 18n, wei % 10n ** 18n]
      const decimals = String(rest).padStart(18, '0').replace(/0+$/, '')
      return `${whole}${decimals === '' ? '' : `.${decimals}`} ETH`
    },
  }
}
