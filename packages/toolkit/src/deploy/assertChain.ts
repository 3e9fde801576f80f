import { InputError, isDescribed } from '@keyward/core/errors'
import { createRpc } from '@keyward/sender'
import { type Io, note } from '../Io.js'
import { readNetwork } from '../node/readNetwork.js'
import { splitUrls } from '../node/rpcUrls.js'
import * as RpcEndpoint from './RpcEndpoint.js'
import type { Settings } from './Settings.js'

/** Some endpoints can be reached only from the functions. */
const timeoutMs = 5000

/**
 * Checks the chain id of a stack's endpoints, if their URLs are known and the
 * endpoints can be reached from here.
 *
 * @throws InputError if an endpoint serves a chain other than the stack's
 */
export async function assertChain(
  io: Io,
  rpc: RpcEndpoint.RpcEndpoint | undefined,
  given: Settings,
  { network: name, rpcUrl }: Settings,
): Promise<void> {
  const network = readNetwork(name)
  if (network === undefined || (rpc === undefined && !given.network)) return
  const known =
    typeof rpcUrl === 'string' && /^https?:/.test(rpcUrl)
      ? splitUrls(rpcUrl)
      : undefined
  const urls = rpc === undefined ? known : RpcEndpoint.urlsOf(rpc)
  if (urls === undefined) return
  const { chainId } = network
  const deadline = Date.now() + timeoutMs
  const found = await createRpc({ urls, chainId, timeoutMs }).check({
    deadline,
  })
  for (const { endpoint, error } of found) {
    if (error === undefined) continue
    if (isDescribed(error) && error.code === 'rpc-chain')
      throw new InputError(error.shortMessage, {
        details:
          `The stack is for ${network.name}. Nothing was changed. Set ` +
          '--network to the chain of the endpoint, or pass another endpoint ' +
          'with --rpc-url.',
        cause: error,
      })
    note(
      io,
      `${endpoint} can't be reached from here, so its chain was not checked. keyward doctor checks the chain from the function.`,
    )
  }
}
