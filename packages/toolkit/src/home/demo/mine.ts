import { BaseError, Transaction } from '@keyward/core'
import { rpc, waitForReceipt } from '../rpc.js'

export type Mined = {
  hash: string
  blockNumber: number
  status: 'success'
  /** The sender recovered from the signed bytes, in EIP-55 form. */
  from: string
}

/**
 * Broadcasts a signed transaction and waits for its receipt.
 *
 * @throws MismatchError unless the key made the signature, the chain reports
 * the same sender and hash, and the transaction succeeded
 */
export async function mine(
  rpcUrl: string,
  address: string,
  signed: { raw: unknown; hash: unknown },
): Promise<Mined> {
  const { raw } = signed
  if (typeof raw !== 'string')
    throw new MismatchError('The function did not return a signed transaction.')
  const { from, hash } = await Transaction.decode(raw as `0x${string}`)
  if (from !== address)
    throw new MismatchError(`The transaction is from ${from}, not ${address}.`)
  const accepted = await rpc<string>(rpcUrl, 'eth_sendRawTransaction', [raw])
  if (accepted !== hash || signed.hash !== hash)
    throw new MismatchError(
      `The function, the chain and the signed bytes do not give the same hash: ${hash}.`,
    )
  return findMined(rpcUrl, address, hash)
}

/**
 * Reads what the chain recorded for a transaction of the account. @throws
 * MismatchError
 */
export async function findMined(
  rpcUrl: string,
  address: string,
  hash: string,
): Promise<Mined> {
  const receipt = await waitForReceipt(rpcUrl, hash)
  if (receipt.from.toLowerCase() !== address.toLowerCase())
    throw new MismatchError(
      `According to the chain, the transaction is from ${receipt.from}.`,
    )
  if (receipt.status !== '0x1')
    throw new MismatchError(`The chain did not execute ${hash}.`)
  const blockNumber = Number(receipt.blockNumber)
  return { hash, blockNumber, status: 'success', from: address }
}

export class MismatchError extends BaseError {
  override readonly name = 'MismatchError'

  constructor(shortMessage: string) {
    super('demo-failed', shortMessage, {
      details: 'This should not happen. Please report it.',
    })
  }
}
