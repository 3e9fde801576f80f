import { BaseError, type Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import * as Hash from 'ox/Hash'
import type { SafeDomain } from '../SafeTransaction.js'
import { singletons, type Version } from './deployments.js'
import * as slots from './slots.js'

/** A Safe's state, read from its storage at one block. */
export type SafeState = {
  /** Version of the code it runs; undefined if the code is not Safe's. */
  readonly version: Version | undefined
  readonly singleton: Hex
  readonly singletonCodeHash: Hex
  /** Hash of the proxy's code at the Safe's own address. */
  readonly codeHash: Hex
  /** In the contract's order, in lower case. */
  readonly owners: readonly Hex[]
  readonly threshold: number
  readonly modules: readonly Hex[]
  readonly guard: Hex
  readonly fallbackHandler: Hex
  /** Nonce of the next transaction. */
  readonly nonce: bigint
  /** In wei. */
  readonly balance: bigint
  readonly block: bigint
}

type Options = { deadline?: number | undefined }

/** Longer lists are not read, because nobody would review them. */
const maxList = 100

/**
 * Reads slots and never calls the Safe's own functions, because after an
 * attack, those return what the attacker wants you to see.
 *
 * @throws NotASafeError, and the RPC client's errors
 */
export async function readState(
  rpc: Rpc,
  { safe }: Pick<SafeDomain, 'safe'>,
  options: Options & { block?: bigint | undefined } = {},
): Promise<SafeState> {
  const ask = (method: string, ...params: unknown[]) =>
    rpc.request(method, params, { deadline: options.deadline })
  const block =
    options.block ?? toNumber(await ask('eth_blockNumber'), 'block number')
  const at = `0x${block.toString(16)}`
  const read = async (slot: Hex) =>
    toWord(await ask('eth_getStorageAt', safe, slot, at))
  const readCode = async (address: Hex) =>
    toHex(await ask('eth_getCode', address, at))
  const list = async (after: (address: Hex) => Hex) => {
    const found: Hex[] = []
    for (let last = slots.sentinel; ; ) {
      const next = slots.toAddress(await read(after(last)))
      if (next === slots.sentinel || BigInt(next) === 0n) return found
      if (found.length >= maxList || found.includes(next))
        throw new NotASafeError(
          safe,
          `its lists have more than ${maxList} members, or a loop`,
        )
      found.push(next)
      last = next
    }
  }
  const [code, first, threshold, ownerCount, nonce, guard, handler, balance] =
    await Promise.all([
      readCode(safe),
      read(slots.singleton),
      read(slots.threshold),
      read(slots.ownerCount),
      read(slots.nonce),
      read(slots.guard),
      read(slots.fallbackHandler),
      ask('eth_getBalance', safe, at),
    ])
  if (code === '0x')
    throw new NotASafeError(safe, 'there is no contract at this address')
  const singleton = slots.toAddress(first)
  const [singletonCode, owners, modules] = await Promise.all([
    readCode(singleton),
    list(slots.ownerAfter),
    list(slots.moduleAfter),
  ])
  if (owners.length === 0 || BigInt(owners.length) !== BigInt(ownerCount))
    throw new NotASafeError(safe, 'its list of owners is not valid')
  const singletonCodeHash = Hash.keccak256(singletonCode)
  return {
    version: singletons[singletonCodeHash],
    singleton,
    singletonCodeHash,
    codeHash: Hash.keccak256(code),
    owners,
    threshold: Number(BigInt(threshold)),
    modules,
    guard: slots.toAddress(guard),
    fallbackHandler: slots.toAddress(handler),
    nonce: BigInt(nonce),
    balance: toNumber(balance, 'balance'),
    block,
  }
}

function toWord(value: unknown): Hex {
  const hex = toHex(value)
  if (hex.length > 66)
    throw new TypeError('The node did not return a 32-byte word.')
  return `0x${hex.slice(2).padStart(64, '0')}`
}

function toHex(value: unknown): Hex {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value))
    return value.toLowerCase() as Hex
  throw new TypeError('The node did not return hex.')
}

function toNumber(value: unknown, what: string): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value))
    return BigInt(value)
  throw new TypeError(`The node did not return a ${what}.`)
}

/** The contract at the address is not a Safe, or is a broken one. */
export class NotASafeError extends BaseError {
  constructor(address: Hex, reason: string) {
    super('not-a-safe', `${address} is not a Safe: ${reason}.`, {
      details: 'Check the address and the network. Nothing was signed.',
    })
    this.name = 'NotASafeError'
  }
}
