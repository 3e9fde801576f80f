import { AddressField, type Network, Problems } from '@keyward/core'
import { BaseError, InputError } from '@keyward/core/errors'
import type {
  GetWire,
  ListWire,
  ReconcilerOperation,
  ReportWire,
  SendWire,
} from '@keyward/sender'
import { connectAws } from '../aws/connectAws.js'
import { invoke } from '../aws/invoke.js'
import type { Io } from '../Io.js'
import * as StackName from '../stack/StackName.js'
import { explainCaller } from './NoSenderError.js'
import type { Sender } from './readSender.js'
import type { Fields, SenderAccess, SenderStatus } from './SenderAccess.js'
import { explainFrozen } from './StackFrozenError.js'

/**
 * Opens a stack's sender function, which is invoked through a caller's alias if
 * one is given. Calls lambda:InvokeFunction.
 */
export async function openFunction(
  io: Io,
  options: Extract<Sender, { ledger: undefined }>,
): Promise<SenderAccess> {
  const { caller, network } = options
  const connection = await connectAws(io)
  try {
    const stack = options.stack ?? StackName.standard(connection.target.kind)
    const { LambdaClient } = await import('@aws-sdk/client-lambda')
    const lambda = connection.open(LambdaClient)
    const name = `${stack}-sender${caller === undefined ? '' : `:${caller}`}`
    const call = (functionName: string, event: Fields) =>
      invoke(lambda, functionName, event, stack)
    const ask = async (operation: string, fields: Fields = {}) => {
      try {
        return await call(name, { ...fields, operation })
      } catch (error) {
        const told = await explainFrozen(error, lambda, { stack, name })
        throw await explainCaller(told, connection, stack, caller)
      }
    }
    const administer = (operation: string, fields: Fields) =>
      call(`${stack}-reconciler:admin`, { ...fields, operation })
    const status = async () => toStatus(await ask('status'))
    if (network !== undefined) assertSame(network, name, await status())
    return {
      target: connection.target,
      label: name,
      status,
      send: (fields) =>
        ask('send', fields) as Promise<unknown> as Promise<SendWire>,
      get: (fields) =>
        ask('get', fields) as Promise<unknown> as Promise<GetWire>,
      list: (fields) =>
        ask('list', fields) as Promise<unknown> as Promise<ListWire>,
      speedUp: (fields) =>
        ask('speed_up', fields) as Promise<unknown> as Promise<SendWire>,
      cancel: (fields) =>
        ask('cancel', fields) as Promise<unknown> as Promise<SendWire>,
      // The reconciler handles all callers' transactions.
      reconcile: () =>
        call(
          `${stack}-reconciler:clock`,
          {},
        ) as Promise<unknown> as Promise<ReportWire>,
      repair: (fields) =>
        administer(
          'repair',
          fields,
        ) as Promise<unknown> as Promise<ReconcilerOperation.RepairWire>,
      adopt: (fields) =>
        administer('adopt', fields) as Promise<unknown> as Promise<SendWire>,
      close: connection.close,
    }
  } catch (error) {
    connection.close()
    throw error
  }
}

/** @throws NetworkMismatchError */
function assertSame(
  { name, chainId }: Network.Network,
  sender: string,
  status: SenderStatus,
): void {
  if (status.chainId !== chainId)
    throw new NetworkMismatchError(
      `The function ${sender} sends on ${status.network} (${status.chainId}), but you chose ${name} (${chainId}).`,
    )
}

function toStatus(answer: Record<string, unknown>): SenderStatus {
  const problems = Problems.create('answer')
  const address = AddressField.parse(
    answer.eth_checksum_address,
    'eth_checksum_address',
    problems,
  )
  const { network, chain_id: chainId } = answer
  if (address === undefined || typeof chainId !== 'number')
    throw new InputError('The function is not a Keyward sender.', {
      details:
        'The function did not return a status. Pass the right stack with --stack.',
    })
  return {
    address: AddressField.toChecksum(address),
    network: String(network),
    chainId,
    hasPolicy: typeof answer.policy_sha256 === 'string',
  }
}

/** The stack's chain differs from the given one. */
export class NetworkMismatchError extends BaseError {
  override readonly name = 'NetworkMismatchError'

  constructor(shortMessage: string) {
    super('network-mismatch', shortMessage, {
      details:
        'Nothing was sent. Pass the stack for the chosen chain with --stack, or leave out --network and unset ETH_NETWORK.',
    })
  }
}
