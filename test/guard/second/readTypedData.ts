import * as OxTypedData from 'ox/TypedData'
import { type Action, none } from './Action.js'
import type { TypedData } from './Asked.js'
import type { Document } from './Document.js'
import { kindFacts } from './kindFacts.js'
import { readCall } from './readCall.js'
import { createdBy } from './runs.js'
import { knownKinds } from './specification.js'
import {
  addressAt,
  bytesAt,
  fromStruct,
  numberAt,
  type Tuple,
} from './Value.js'

/** As EIP-712 has them. */
const domainTypes: Record<string, string> = {
  name: 'string',
  version: 'string',
  chainId: 'uint256',
  verifyingContract: 'address',
  salt: 'bytes32',
}

/** @throws for data that does not fit its types */
export function readTypedData(
  given: TypedData,
  account: string | undefined,
  policy: Document,
): Action[] {
  const { domain, primaryType, types } = given
  OxTypedData.assert(given as never)
  OxTypedData.getSignPayload(given as never)
  for (const { type } of Object.values(types).flat())
    if (/^u?int(\[|$)/.test(type)) throw new Error(`${type} has no size`)
  const declared =
    types.EIP712Domain ?? OxTypedData.extractEip712DomainTypes(domain as never)
  for (const [name, value] of Object.entries(domain))
    if (value !== undefined && !declared.some((one) => one.name === name))
      throw new Error(`${name} would not be signed`)
  for (const { name, type } of declared) {
    if (domain[name] === undefined) throw new Error(`${name} is missing`)
    if (type !== (domainTypes[name] ?? type))
      throw new Error(`${name} is no ${type}`)
  }
  const args = fromStruct(primaryType, given.message, types) as Tuple
  const chain =
    domain.chainId === undefined ? undefined : BigInt(domain.chainId as string)
  const to =
    domain.verifyingContract === undefined
      ? undefined
      : String(domain.verifyingContract).toLowerCase()
  const lacks = [
    ...(chain === undefined ? ['chainId'] : []),
    ...(to === undefined ? ['verifyingContract'] : []),
  ]
  const type = OxTypedData.encodeType({ primaryType, types } as never)
  const named = kindOf(type, policy)
  const wrapped = named === 'SafeTx' || named === 'PackedUserOperation'
  const before = named === 'PackedUserOperation' ? createdBy(args) : []
  const open = (wrapped && lacks.length > 0) || before === undefined
  const kind = open ? undefined : named
  const action: Action = {
    ...none,
    path: '',
    kind: 'typedData',
    ...(chain !== undefined && { chain }),
    ...(to !== undefined && { to }),
    args,
    ...kindFacts(kind, args, { chain, to, account }, policy),
    typedData: { kind, primaryType, lacks },
  }
  if (!wrapped || kind === undefined || before === undefined) return [action]
  const within =
    kind === 'SafeTx'
      ? {
          to: addressAt(args, 'to'),
          value: numberAt(args, 'value'),
          data: bytesAt(args, 'data'),
          delegate: numberAt(args, 'operation') !== 0n,
        }
      : {
          to: addressAt(args, 'sender'),
          value: 0n,
          data: bytesAt(args, 'callData'),
          delegate: false,
        }
  const first = before.map((one) => ({ ...one, value: 0n, delegate: false }))
  const calls = [...first, within].flatMap((one, at) =>
    readCall({ from: to, ...one }, chain!, `${at}`, policy),
  )
  return [action, ...calls]
}

function kindOf(type: string, policy: Document): string | undefined {
  for (const [kind, one] of knownKinds) if (one === type) return kind
  for (const [kind, one] of Object.entries(policy.types ?? {}))
    if (one === type) return kind
  const witness =
    /^(Permit(Batch)?WitnessTransferFrom)\(TokenPermissions(\[\])? permitted,address spender,uint256 nonce,uint256 deadline,\w+ witness\)/.exec(
      type,
    )
  if (
    witness &&
    (witness[2] === undefined) === (witness[3] === undefined) &&
    type.includes(')TokenPermissions(address token,uint256 amount)')
  )
    return witness[1]
  return undefined
}
