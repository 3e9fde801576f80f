import { LambdaClient } from '@aws-sdk/client-lambda'
import { InputError } from '@keyward/core/errors'
import { createRpc } from '@keyward/sender'
import type { AwsConnection } from '../aws/connectAws.js'
import { type Io, note } from '../Io.js'
import { beginsText, readBeginning } from '../ledger/readBeginning.js'
import { readNetwork } from '../node/readNetwork.js'
import { splitUrls } from '../node/rpcUrls.js'
import { type Parts, senderOf } from '../stack/findParts.js'
import { readAddress } from '../stack/readAddress.js'
import type { Settings } from './Settings.js'

/**
 * The setting `newLedger`, if the deployment starts a ledger: the given nonce,
 * or the account's nonce from the chain. The nonce is announced, so the
 * deployment's confirmation covers it.
 *
 * @throws InputError
 */
export async function findNewLedger(
  io: Io,
  connection: AwsConnection,
  parameters: {
    given: bigint | true | undefined
    urls: readonly string[] | undefined
    settings: Settings
    /** The parts of the stack that already exist. */
    parts: Parts | undefined
  },
): Promise<Settings> {
  const { given, settings, parts } = parameters
  if (given === undefined) return {}
  const address = await findAddress(connection, settings, parts)
  if (given !== true) {
    note(io, beginsText(given, address ?? 'the account'))
    return { newLedger: String(given) }
  }
  if (address === undefined)
    throw new InputError('--new-ledger: the account is not known yet.', {
      details:
        "Pass the account's address (--address), or the number of transactions that it has sent (--new-ledger 17). A key that KMS creates for this stack needs neither, because its account has not sent anything.",
    })
  const network = readNetwork(settings.network)
  if (network === undefined)
    throw new InputError('--new-ledger: the network is not known.', {
      details:
        'Pass --network with a name such as sepolia, or with a decimal chain id.',
    })
  const { chainId } = network
  const rpc = createRpc({ urls: findUrls(parameters), chainId })
  const confirmations =
    settings.confirmations === undefined
      ? undefined
      : Number(settings.confirmations)
  const count = await readBeginning(rpc, { address, confirmations })
  note(io, beginsText(count, address))
  return { newLedger: String(count) }
}

async function findAddress(
  connection: AwsConnection,
  { address, relayerAddress: pin = address, existingKeyArn }: Settings,
  parts: Parts | undefined,
): Promise<string | undefined> {
  if (typeof pin === 'string') return pin
  const sender = parts && senderOf(parts)
  const key = typeof existingKeyArn === 'string' ? existingKeyArn : sender?.key
  if (key === undefined) return undefined
  const lambda = connection.open(LambdaClient)
  const names = (sender?.functions ?? []).map(({ name }) => name)
  return (await readAddress(connection.kms, lambda, key, names)).address
}

/** Uses the stack's own endpoint only if it is a URL and not a secret's ARN. */
function findUrls({
  urls,
  settings: { rpcUrl: own },
}: {
  urls: readonly string[] | undefined
  settings: Settings
}): readonly string[] {
  const found =
    urls ??
    (typeof own === 'string' && /^https?:/.test(own)
      ? splitUrls(own)
      : undefined)
  if (found !== undefined) return found
  throw new InputError('--new-ledger: no RPC endpoint was given.', {
    details:
      'The command reads the count from the chain. Pass --rpc-url, set RPC_URL or ETH_RPC_URL, or pass the count (--new-ledger 17).',
  })
}
