import { createRpc } from '@keyward/core/rpc'
import { Pins, readState, SafeFile } from '@keyward/safe'

/**
 * The Safe as its owners agree on it now, as a safe file.
 *
 * @param {string} url
 * @param {`0x${string}`} safe
 */
export async function readPins(url, safe) {
  const rpc = createRpc({ urls: [url], chainId: 31337 })
  const domain = { chainId: rpc.chainId, safe }
  const pins = Pins.from(await readState(rpc, domain))
  return JSON.stringify(SafeFile.toJson({ domain, pins }))
}
