import {
  AddressField,
  BaseError,
  ChainId,
  Fields,
  type Hex,
  HexField,
  Message,
  type Parser,
  Problems,
  Quantity,
  recoverAddress,
} from '@keyward/core'
import {
  hash,
  type SafeDomain,
  type SafeTransaction,
  zeroAddress,
} from './SafeTransaction.js'
import { type SafeSignature, size } from './signatures/SafeSignature.js'

/** A proposed transaction and the owners' signatures so far. */
export type Proposal = {
  readonly domain: SafeDomain
  readonly transaction: SafeTransaction
  /** Computed from the fields. */
  readonly safeTx: Hex
  /**
   * Each signature recovers to the named account. Only the chain shows whether
   * that is an owner.
   */
  readonly signatures: readonly SafeSignature[]
}

/**
 * The file that owners send each other. It has the form of Safe's transaction
 * service, so Safe's own tools can read it; `chainId` is our addition.
 */
export type Bundle = {
  chainId: number
  safe: string
  to: string
  value: string
  data: string | null
  operation: 0 | 1
  gasToken: string
  safeTxGas: string
  baseGas: string
  gasPrice: string
  refundReceiver: string
  nonce: string
  safeTxHash: string
  /** Safe's tools recognise the form by this field. */
  isExecuted: false
  confirmations: {
    owner: string
    signature: string
    signatureType: 'EOA' | 'ETH_SIGN'
  }[]
}

/** @throws InvalidTypedDataError if a field is out of range */
export function create(
  domain: SafeDomain,
  transaction: SafeTransaction,
): Proposal {
  const safeTx = hash(domain, transaction).safeTx
  return { domain, transaction, safeTx, signatures: [] }
}

/**
 * Adds an owner's signature. If the owner has already signed, the first
 * signature is kept.
 */
export function add(proposal: Proposal, given: SafeSignature): Proposal {
  const others = proposal.signatures.filter(
    ({ owner }) => owner.toLowerCase() !== given.owner.toLowerCase(),
  )
  return { ...proposal, signatures: [...others, given] }
}

/**
 * Merges the signatures of two files for the same transaction. @throws
 * ProposalMismatchError
 */
export function merge(one: Proposal, other: Proposal): Proposal {
  if (one.safeTx !== other.safeTx)
    throw new ProposalMismatchError(one.safeTx, other.safeTx, {
      text: `One bundle is for the transaction ${one.safeTx}, but another is for ${other.safeTx}.`,
      details: 'Nothing was signed. Pass only bundles of the same transaction.',
    })
  return other.signatures.reduce(add, one)
}

export function toBundle({
  domain,
  transaction,
  safeTx,
  signatures,
}: Proposal): Bundle {
  const { to, value, data, operation, safeTxGas, baseGas } = transaction
  const { gasPrice, gasToken, refundReceiver, nonce } = transaction
  const checksum = AddressField.toChecksum
  return {
    chainId: domain.chainId,
    safe: checksum(domain.safe),
    to: checksum(to),
    value: String(value),
    data: data === '0x' ? null : data,
    operation,
    gasToken: checksum(gasToken),
    safeTxGas: String(safeTxGas),
    baseGas: String(baseGas),
    gasPrice: String(gasPrice),
    refundReceiver: checksum(refundReceiver),
    nonce: String(nonce),
    safeTxHash: safeTx,
    isExecuted: false,
    confirmations: signatures.flatMap((one) =>
      one.kind === 'ecdsa' || one.kind === 'eth_sign'
        ? [
            {
              owner: checksum(one.owner),
              signature: one.bytes,
              signatureType: one.kind === 'ecdsa' ? 'EOA' : 'ETH_SIGN',
            } as const,
          ]
        : [],
    ),
  }
}

const known = [
  'chainId',
  'safe',
  'to',
  'value',
  'data',
  'operation',
  'gasToken',
  'safeTxGas',
  'baseGas',
  'gasPrice',
  'refundReceiver',
  'nonce',
  'safeTxHash',
  'confirmations',
] as const

/**
 * Reads a bundle, or an answer from the transaction service. Computes the hash
 * from the fields and recovers each signature: both must match what the bundle
 * claims.
 *
 * @param chainId - For bundles that don't contain one.
 * @throws InvalidRequestError, ProposalMismatchError, BadConfirmationError
 */
export async function fromBundle(
  value: unknown,
  { chainId }: { chainId?: number | undefined } = {},
): Promise<Proposal> {
  const problems = Problems.create('bundle')
  const fields = Fields.open(onlyKnown(value), known, '', problems)
  const read = fields && readFields(fields, chainId)
  problems.assertNone()
  if (read === undefined) throw new TypeError('No bundle.')
  const { said, confirmations, domain, transaction } = read
  const proposal = create(domain, transaction)
  if (said !== undefined && said !== proposal.safeTx)
    throw new ProposalMismatchError(said, proposal.safeTx)
  let signed = proposal
  for (const { owner, signature } of confirmations)
    signed = add(signed, await toSignature(proposal.safeTx, owner, signature))
  return signed
}

/**
 * The service adds dates, decoded data and other members that prove nothing.
 */
function onlyKnown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return value
  return Object.fromEntries(
    Object.entries(value).filter(([name]) =>
      (known as readonly string[]).includes(name),
    ),
  )
}

function readFields(fields: Fields.Fields, chainId: number | undefined) {
  const orZero: Parser<Hex> = (raw, path, problems) =>
    raw === null ? zeroAddress : AddressField.parse(raw, path, problems)
  const transaction = {
    to: fields.required('to', AddressField.parse),
    value: fields.required('value', Quantity.uint256),
    data: fields.optional('data', parseData) ?? '0x',
    operation: fields.required('operation', parseOperation),
    safeTxGas: fields.optional('safeTxGas', Quantity.uint256) ?? 0n,
    baseGas: fields.optional('baseGas', Quantity.uint256) ?? 0n,
    gasPrice: fields.optional('gasPrice', Quantity.uint256) ?? 0n,
    gasToken: fields.optional('gasToken', orZero) ?? zeroAddress,
    refundReceiver: fields.optional('refundReceiver', orZero) ?? zeroAddress,
    nonce: fields.required('nonce', Quantity.uint256),
  }
  const said = fields.optional('safeTxHash', HexField.fixed(32))
  const domain = {
    chainId:
      chainId === undefined || fields.has('chainId')
        ? fields.required('chainId', ChainId.parse)
        : chainId,
    safe: fields.required('safe', AddressField.parse),
  }
  return {
    domain: domain as SafeDomain,
    transaction: transaction as SafeTransaction,
    said,
    confirmations:
      fields.optional('confirmations', Fields.list(parseConfirmation, 100)) ??
      [],
  }
}

const parseData: Parser<Hex> = (raw, path, problems) =>
  raw === null ? '0x' : HexField.data(raw, path, problems)

const parseOperation: Parser<0 | 1> = (raw, path, problems) =>
  raw === 0 || raw === 1 ? raw : problems.wrong(path, raw, '0 or 1')

export const parseConfirmation: Parser<{ owner: Hex; signature: Hex }> = (
  raw,
  path,
  problems,
) => {
  const { owner, signature } = (raw ?? {}) as Record<string, unknown>
  const read = {
    owner: AddressField.parse(owner, `${path}.owner`, problems),
    signature: HexField.fixed(size)(signature, `${path}.signature`, problems),
  }
  return read.owner === undefined || read.signature === undefined
    ? undefined
    : { owner: read.owner, signature: read.signature }
}

/** @throws BadConfirmationError */
export async function toSignature(
  safeTx: Hex,
  owner: Hex,
  bytes: Hex,
): Promise<SafeSignature> {
  const v = Number.parseInt(bytes.slice(-2), 16)
  const isEthSign = v > 30
  const digest = isEthSign ? Message.getSignPayload({ raw: safeTx }) : safeTx
  const plain: Hex = isEthSign
    ? `0x${bytes.slice(2, -2)}${(v - 4).toString(16)}`
    : bytes
  // Only the form that we write ourselves is accepted.
  const signer =
    v >= 27 ? (await recoverAddress(digest, plain))?.toLowerCase() : undefined
  if (signer !== owner) throw new BadConfirmationError(owner, signer)
  return { kind: isEthSign ? 'eth_sign' : 'ecdsa', owner, bytes }
}

/**
 * The hash doesn't match the fields, or two files are for different
 * transactions.
 */
export class ProposalMismatchError extends BaseError {
  constructor(
    said: Hex,
    is: Hex,
    {
      text = `The hash in the bundle is ${said}, but the hash of its fields is ${is}.`,
      details = 'Somebody changed a field, or the bundle is for another chain or Safe. Nothing was signed. Ask the person who sent the bundle for the right one.',
    } = {},
  ) {
    super('proposal-mismatch', text, { details })
    this.name = 'ProposalMismatchError'
  }
}

/** The named owner did not give this confirmation. */
export class BadConfirmationError extends BaseError {
  constructor(owner: Hex, signer: string | undefined) {
    super(
      'bad-confirmation',
      `The confirmation for the owner ${owner} ${signer === undefined ? 'is not a signature of this transaction' : `was signed by ${signer}`}.`,
      {
        details:
          "The confirmation must be the owner's 65-byte signature of the transaction hash, with s in the lower half. Ask the owner to sign again.",
      },
    )
    this.name = 'BadConfirmationError'
  }
}
