import { readFileSync } from 'node:fs'
import { latestDeployment } from '@keyward/safe'

/** The factory that Safe 1.4.1 was put on all chains by. */
const deployer = '0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7'
/** anvil has the same code here from the start. */
const sameDeployer = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

/** @type {Record<string, keyof typeof latestDeployment>} */
const contracts = {
  'SafeL2.sol/SafeL2': 'singletonL2',
  'proxies/SafeProxyFactory.sol/SafeProxyFactory': 'proxyFactory',
  'handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler':
    'fallbackHandler',
  'libraries/MultiSendCallOnly.sol/MultiSendCallOnly': 'callOnlyBatch',
}

/**
 * Safe's contracts at their canonical addresses.
 *
 * @param {import('./openRpc.mjs').DemoRpc} rpc
 */
export async function putSafe(rpc) {
  const code = await rpc.call('eth_getCode', [sameDeployer, 'latest'])
  await rpc.call('anvil_setCode', [deployer, code])
  /** @param {string} address */
  const isThere = async (address) =>
    (await rpc.call('eth_getCode', [address, 'latest'])) !== '0x'
  for (const [artifact, name] of Object.entries(contracts)) {
    const address = latestDeployment[name]
    if (await isThere(address)) continue
    const url = new URL(
      `node_modules/@safe-global/safe-contracts/build/artifacts/contracts/${artifact}.json`,
      import.meta.url,
    )
    const { bytecode } = JSON.parse(readFileSync(url, 'utf8'))
    const salt = '00'.repeat(32)
    await rpc.send({ to: deployer, data: `0x${salt}${bytecode.slice(2)}` })
    if (!(await isThere(address)))
      throw new Error(`${artifact} is not at ${address}.`)
  }
}
