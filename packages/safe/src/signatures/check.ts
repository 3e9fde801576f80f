import { type Hex, Message, recoverAddress, Signature } from '@keyward/core'
import { toWord } from '@keyward/guard/calls'
import { zeroAddress } from '../SafeTransaction.js'
import { sentinel } from '../state/slots.js'
import { size } from './SafeSignature.js'

/**
 * The contract's verdict on a bundle: it accepts the bundle, or reverts with
 * this code.
 */
export type Verdict =
  | { readonly ok: true; readonly owners: readonly Hex[] }
  | {
      readonly ok: false
      /** As the contract names it: `GS020`. */
      readonly code: Code
      /** Index of the signature. */
      readonly index: number
    }

const meanings = {
  GS020: 'fewer signatures than the threshold requires',
  GS021: 'the bytes for an owner that is a contract overlap the fixed parts',
  GS022:
    'the length field for the signature of an owner that is a contract is outside the signatures',
  GS023: 'the bytes for an owner that is a contract are outside the signatures',
  GS024: 'an owner that is a contract does not accept the signature',
  GS025:
    'an owner has not approved this hash and is not executing the transaction',
  GS026: 'the signer is not an owner, has already signed, or is out of order',
} as const
export type Code = keyof typeof meanings

/** The code's meaning in words. */
export const explain = (code: Code): string => meanings[code]

/** Facts that the contract knows besides the bundle. */
export type Circumstances = {
  /** Lower case. */
  readonly owners: readonly Hex[]
  readonly threshold: number
  /** The calling account: an owner who executes needs no signature. */
  readonly sender?: Hex | undefined
  readonly hasApproved?: (owner: Hex) => boolean | Promise<boolean>
  /** Asks a contract owner (EIP-1271). @default no contract accepts */
  readonly isValidSignature?: (owner: Hex, signature: Hex) => Promise<boolean>
}

/**
 * Checks a bundle like the contract's `checkSignatures` and reaches the same
 * verdict. It also accepts a high s and bytes after the last signature, as the
 * contract does.
 *
 * @param safeTx - Hash of the transaction.
 */
export async function check(
  safeTx: Hex,
  bundle: Hex,
  circumstances: Circumstances,
): Promise<Verdict> {
  const { owners, threshold } = circumstances
  const length = (bundle.length - 2) / 2
  if (length < threshold * size) return refuse('GS020', 0)
  const signers: Hex[] = []
  for (let index = 0; index < threshold; index++) {
    const found = await readOwner(safeTx, bundle, index, circumstances)
    if (typeof found !== 'string') return found
    const last = signers.at(-1) ?? zeroAddress
    if (!(found > last) || !owners.includes(found) || found === sentinel)
      return refuse('GS026', index)
    signers.push(found)
  }
  return { ok: true, owners: signers }
}

const refuse = (code: Code, index: number): Verdict => ({
  ...{ ok: false, code, index },
})

async function readOwner(
  safeTx: Hex,
  bundle: Hex,
  index: number,
  { threshold, sender, hasApproved, isValidSignature }: Circumstances,
): Promise<Hex | Verdict> {
  const r = slice(bundle, index * size, 32)
  const s = slice(bundle, index * size + 32, 32)
  const v = Number(slice(bundle, index * size + 64, 1))
  const named: Hex = `0x${r.slice(-40)}`
  if (v === 0) {
    const read = readContractBytes(bundle, BigInt(s), threshold)
    if (!read.startsWith('0x')) return refuse(read as Code, index)
    const isValid = await isValidSignature?.(named, read as Hex)
    return isValid ? named : refuse('GS024', index)
  }
  if (v === 1) {
    const isSender = sender?.toLowerCase() === named
    return isSender || (await hasApproved?.(named))
      ? named
      : refuse('GS025', index)
  }
  const isEthSign = v > 30
  const digest = isEthSign ? Message.getSignPayload({ raw: safeTx }) : safeTx
  return recover(digest, BigInt(r), BigInt(s), isEthSign ? v - 4 : v)
}

function readContractBytes(
  bundle: Hex,
  from: bigint,
  threshold: number,
): Hex | Code {
  const length = BigInt((bundle.length - 2) / 2)
  if (from < BigInt(threshold * size)) return 'GS021'
  if (from + 32n > length) return 'GS022'
  const count = BigInt(slice(bundle, Number(from), 32))
  if (from + 32n + count > length) return 'GS023'
  return slice(bundle, Number(from) + 32, Number(count))
}

const { order } = Signature

/**
 * Recovers an address as the precompile does, with a low or a high s. The
 * address is zero if no key can be recovered.
 */
async function recover(
  digest: Hex,
  r: bigint,
  s: bigint,
  v: number,
): Promise<Hex> {
  if (v !== 27 && v !== 28) return zeroAddress
  if (s === 0n || s >= order) return zeroAddress
  const isHigh = s > order >> 1n
  const low = isHigh ? order - s : s
  const parity = isHigh ? 55 - v : v
  const signature: Hex = `0x${toWord(r)}${toWord(low)}${parity.toString(16)}`
  const address = await recoverAddress(digest, signature)
  return (address?.toLowerCase() as Hex | undefined) ?? zeroAddress
}

/** Bytes beyond the end read as zeros, as in memory. */
function slice(hex: Hex, from: number, count: number): Hex {
  const part = hex.slice(2 + from * 2, 2 + (from + count) * 2)
  return `0x${part.padEnd(count * 2, '0').toLowerCase()}`
}
