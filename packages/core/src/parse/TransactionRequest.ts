import type { Hex } from 'ox/Hex'
import * as NetworkData from '../networks/NetworkData.js'
import type * as Transaction from '../Transaction.js'
import * as AccessListField from './AccessListField.js'
import * as AddressField from './AddressField.js'
import * as AuthorizationField from './AuthorizationField.js'
import * as BlobField from './BlobField.js'
import * as ChainId from './ChainId.js'
import * as FeeFields from './FeeFields.js'
import * as Fields from './Fields.js'
import * as HexField from './HexField.js'
import * as Problems from './Problems.js'
import * as Quantity from './Quantity.js'

const types = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'] as const
type Type = (typeof types)[number]

const common = [
  'type',
  'chainId',
  'nonce',
  'to',
  'value',
  'data',
  'input',
  'gas',
]
const feeNames = { max: 'maxFeePerGas', priority: 'maxPriorityFeePerGas' }
const fees = Object.values(feeNames)
const blob = ['maxFeePerBlobGas', 'blobVersionedHashes', 'sidecars']
const ownNames: Record<Type, readonly string[]> = {
  legacy: ['gasPrice'],
  eip2930: ['gasPrice', 'accessList'],
  eip1559: [...fees, 'accessList'],
  eip4844: [...fees, 'accessList', ...blob],
  eip7702: [...fees, 'accessList', 'authorizationList'],
}
const all = [...new Set([...common, ...Object.values(ownNames).flat()])]

/** Nodes store gas in 64 bits. */
const parseGas = Quantity.between(0n, 2n ** 64n - 1n)

/** Above this, 2 x chain id + 36 is not an exact number (EIP-155's v). */
const maxLegacyChainId = 4_503_599_627_370_477

/**
 * Reads a transaction in JSON with viem's field names. `chainId`, `nonce`,
 * `gas` and the fees of its type are required: nothing that costs money is
 * guessed. `value` defaults to 0 and `data` (or `input`) to none. `to` may be
 * missing or null only if `data` creates a contract. A missing `type` is
 * inferred from the fields, and fields of another type are refused.
 *
 * @param value - Untrusted, from `JSON.parse`. Quantities are numbers up to
 * 2^53-1, or decimal or 0x strings.
 * @throws InvalidRequestError listing everything that is wrong.
 * @example
 * const transaction = TransactionRequest.fromJson({
 *   type: 'eip1559', chainId: 1, nonce: 0, gas: 21000,
 *   to: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8', value: '1',
 *   maxFeePerGas: '30000000000', maxPriorityFeePerGas: '1000000000',
 * })
 */
export function fromJson(
  value: unknown,
  options: fromJson.Options = {},
): Transaction.Unsigned {
  const problems = Problems.create('transaction')
  const fields = Fields.open(value, all, '', problems)
  const transaction =
    fields === undefined ? undefined : read(fields, problems, options)
  problems.assertNone()
  // If there are no problems, every field has been read.
  return transaction as Transaction.Unsigned
}

export declare namespace fromJson {
  type Options = {
    /**
     * The sidecar form. @default the form that the network is known to accept
     */
    sidecar?: BlobField.Form | undefined
  }
}

function read(
  fields: Fields.Fields,
  problems: Problems.Problems,
  options: fromJson.Options,
): Transaction.Unsigned | undefined {
  const type = readType(fields, problems)
  const base = {
    chainId: fields.required('chainId', ChainId.parse),
    nonce: fields.required('nonce', Quantity.nonce),
    gas: fields.required('gas', parseGas),
    value: fields.optional('value', Quantity.uint256) ?? 0n,
    data: readData(fields, problems),
    ...readTo(fields),
  }
  if (base.to === undefined && fields.raw('to') == null)
    checkCreation(type, base.data, problems)
  if (type === 'legacy' && (base.chainId ?? 0) > maxLegacyChainId)
    problems.wrong(
      'chainId',
      base.chainId,
      `at most ${maxLegacyChainId} for type legacy (EIP-155)`,
    )
  if (type === undefined) return undefined
  for (const name of all)
    if (fields.has(name) && ![...common, ...ownNames[type]].includes(name))
      problems.add(name, `is not a field of type ${type}`)
  const sidecar = options.sidecar ?? NetworkData.get(base.chainId ?? 0).sidecar
  const own = readOwn(type, fields, problems, sidecar)
  return { type, ...base, ...own } as Transaction.Unsigned | undefined
}

function readOwn(
  type: Type,
  fields: Fields.Fields,
  problems: Problems.Problems,
  sidecar: BlobField.Form | undefined,
): Record<string, unknown> {
  if (type === 'legacy')
    return { gasPrice: fields.required('gasPrice', Quantity.uint256) }
  const accessList = fields.optional('accessList', AccessListField.parse) ?? []
  if (type === 'eip2930')
    return {
      accessList,
      gasPrice: fields.required('gasPrice', Quantity.uint256),
    }
  const shared = { accessList, ...FeeFields.read(fields, problems, feeNames) }
  if (type === 'eip4844')
    return { ...shared, ...readBlobs(fields, problems, sidecar) }
  if (type === 'eip1559') return shared
  const authorizationList = fields.required(
    'authorizationList',
    AuthorizationField.parseList,
  )
  return { ...shared, authorizationList }
}

function readBlobs(
  fields: Fields.Fields,
  problems: Problems.Problems,
  sidecar: BlobField.Form | undefined,
) {
  const maxFeePerBlobGas = fields.required('maxFeePerBlobGas', Quantity.uint256)
  const sidecars = fields.optional('sidecars', BlobField.parseSidecars(sidecar))
  const blobVersionedHashes = fields.required(
    'blobVersionedHashes',
    BlobField.parseHashes,
  )
  if (sidecars !== undefined && blobVersionedHashes !== undefined) {
    const hashes = sidecars.commitments.map(BlobField.versionedHash)
    if (hashes.join() !== blobVersionedHashes.join())
      problems.add('sidecars', 'does not match blobVersionedHashes')
  }
  return {
    maxFeePerBlobGas,
    blobVersionedHashes,
    ...(sidecars === undefined ? {} : { sidecars }),
  }
}

function readTo(fields: Fields.Fields): { to?: Hex } {
  if (fields.raw('to') == null) return {}
  const to = fields.optional('to', AddressField.parse)
  return to === undefined ? {} : { to }
}

function checkCreation(
  type: Type | undefined,
  data: Hex | undefined,
  problems: Problems.Problems,
): void {
  if (type === 'eip4844' || type === 'eip7702')
    problems.wrong(
      'to',
      undefined,
      `an address (type ${type} can't create a contract)`,
    )
  else if (data === '0x')
    problems.wrong(
      'to',
      undefined,
      'an address (leave it out only to create a contract with data)',
    )
}

function readData(
  fields: Fields.Fields,
  problems: Problems.Problems,
): Hex | undefined {
  const data = fields.optional('data', HexField.data)
  const input = fields.optional('input', HexField.data)
  if (fields.raw('data') !== undefined && fields.raw('input') !== undefined) {
    if (data !== undefined && input !== undefined && data !== input)
      problems.add(
        'input',
        'differs from data; allowed: only one of the two, or the same value in both',
      )
    return data
  }
  if (fields.raw('data') !== undefined) return data
  return fields.raw('input') === undefined ? '0x' : input
}

function readType(
  fields: Fields.Fields,
  problems: Problems.Problems,
): Type | undefined {
  const came = fields.raw('type')
  if (came === undefined) return inferType(fields, problems)
  const named = types.find((type) => type === came)
  if (named !== undefined) return named
  // JSON-RPC and ethers use numbers for types.
  const number = came === '' ? undefined : Quantity.read(came)
  const numbered = number === undefined ? undefined : types[Number(number)]
  if (numbered !== undefined) return numbered
  return problems.wrong('type', came, `${types.join(', ')}, or 0 to 4`)
}

function inferType(
  fields: Fields.Fields,
  problems: Problems.Problems,
): Type | undefined {
  const any = (...names: string[]) => names.some((name) => fields.has(name))
  if (any('authorizationList')) return 'eip7702'
  if (any(...blob)) return 'eip4844'
  if (any(...fees)) return 'eip1559'
  if (any('gasPrice')) return any('accessList') ? 'eip2930' : 'legacy'
  return problems.wrong(
    'type',
    undefined,
    `${types.join(', ')}, or the fee fields of one of them`,
  )
}
