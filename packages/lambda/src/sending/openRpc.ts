import { createRpc, type Rpc, type RpcAuth } from '@keyward/sender'
import type { CommonConfig } from '../runtime/config.js'
import type { Log } from '../runtime/log.js'
import type { SecretReader } from '../secrets/createSecretReader.js'
import { type ChainConfig, splitUrls } from './SendingConfig.js'

/**
 * Opens the chain's endpoints. Secrets are read when first needed, and again
 * after a few minutes. If a value has changed, the change is logged, and the
 * new endpoints' chain is checked before use.
 *
 * @throws RpcConfigurationError for URLs in the environment
 */
export function openRpc(
  config: ChainConfig & Pick<CommonConfig, 'network'>,
  secrets: SecretReader,
  log: Pick<Log, 'warn'>,
): Rpc {
  const { rpcUrl, network } = config
  const { chainId } = network
  const auth = toAuth(config.rpcAuth, secrets)
  const create = (urls: readonly string[]) => createRpc({ urls, chainId, auth })
  if (!('arn' in rpcUrl)) return create(rpcUrl)
  let opened: { text: string; rpc: Rpc } | undefined
  const open = async (deadline: number | undefined): Promise<Rpc> => {
    const text = await secrets.read(rpcUrl, deadline)
    if (opened?.text === text) return opened.rpc
    const urls = splitUrls(text)
    const rpc = create(urls)
    if (opened !== undefined)
      log.warn(
        `The endpoints of ${rpcUrl.arn} were changed from ${toHosts(splitUrls(opened.text))} to ${toHosts(urls)}. The sender now relies on the new endpoints for all chain data.`,
        { code: 'rpc.changed', network: network.name },
      )
    opened = { text, rpc }
    return rpc
  }
  return {
    chainId,
    async request(method, params, options) {
      const rpc = await open(options?.deadline)
      return rpc.request(method, params, options)
    },
    async providers(options) {
      const rpc = await open(options?.deadline)
      return (await rpc.providers?.(options)) ?? []
    },
    async askEach(whom, method, params, options) {
      const rpc = await open(options?.deadline)
      return (await rpc.askEach?.(whom, method, params, options)) ?? []
    },
    async check(options) {
      const rpc = await open(options?.deadline)
      return rpc.check(options)
    },
  }
}

function toAuth(auth: ChainConfig['rpcAuth'], secrets: SecretReader): RpcAuth {
  if (auth === 'none' || auth === 'sigv4') return { type: auth }
  return { type: 'bearer', token: () => secrets.read(auth) }
}

/** A provider's URL may contain a key, but never in its host. */
function toHosts(urls: readonly string[]): string {
  return urls.map((url) => new URL(url).host).join(', ')
}
