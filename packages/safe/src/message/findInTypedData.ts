import type { Hex } from '@keyward/core'
import { isUnlimited } from '@keyward/guard/calls'
import type { Context } from './MessageContext.js'
import type { Meaning } from './readMeaning.js'

type TypedData = Extract<Meaning, { of: 'typedData' }>

/**
 * Names of types with which a hash is signed on behalf of a Safe or a smart
 * account (Safe, ERC-4337, ERC-7739, Zodiac, Coinbase, Kernel, Alchemy).
 */
const wrapper =
  /^(?:Safe(?:Tx|Message|Op|InitOp)|(?:Packed)?User(?:Operation|Op)|ModuleTx|PersonalSign|TypedDataSign|Kernel|\w*Wallet\w*Message|\w*Account\w*Message|ReplaySafeHash)$/

/** Names of types and fields in approvals, permits and transfers. */
const takes =
  /permit|approv|allow|authori|delegat|transfer|withdraw|spend|operator|compact|send|claim|redeem|borrow|burn|payment/i
/** Names of types and fields in orders. */
const sells = /order|offer|listing|swap|trade|sell|maker|\bbid/i
/** Names of types that hand over control of an account or contract. */
const handsOver =
  /owner|guardian|recover|admin|controller|dispatcher|upgrade|implementation/i
/**
 * Fields that may contain a call, or the hash of something else. Nonces, salts
 * and the proposals in votes also have 32 bytes.
 */
const opaque =
  /[(,](bytes(?:\[\d*\])* [\w$]+|bytes32(?:\[\d*\])* (?!(?:nonce|salt|proposal(?:id)?)[,)])[\w$]+)/i
const account = /[(,]address(?:\[\d*\])* /
/** Integers that are amounts, except counters, times and the ids of votes. */
const amount =
  /[(,]u?int(?:96|1\d\d|2\d\d)(?:\[\d*\])* (?!(?:nonce|salt|deadline|expir\w*|timestamp|valid\w*|proposal(?:id)?)[,)])/i
/** Structs whose only content may be a hash. */
const onlyHash =
  /^(?:bytes(?:32)?(?:\[\d*\])* [\w$]+|(?:u?int256|string) [\w$]*(?:hash|digest)[\w$]*|bytes16 [\w$]+,bytes16 [\w$]+)$/i

export function findInTypedData(meaning: TypedData, context: Context): void {
  const { add, refuse, supplyOf, openCalls, domain } = context
  const { kind, chain, contract, encodeType, dangers, proceeds } = meaning
  const to = contract?.toLowerCase() as Hex | undefined
  const witness = /Witness/.test(kind ?? '') ? witnessOf(encodeType) : ''
  for (const [name, members] of structsOf(encodeType))
    if (wrapper.test(name)) refuse(`typed data that wraps a ${name}`)
    else if ((kind === undefined || witness !== '') && onlyHash.test(members))
      refuse(`typed data that wraps unreadable bytes (${name}(${members}))`)
  if (to === domain.safe) refuse('a domain that is the Safe itself')
  if (chain !== undefined && chain !== BigInt(domain.chainId))
    refuse(`a domain for chain ${chain}`)
  if (chain === undefined)
    add(
      'unknown-message',
      'the domain names no chain, so the signature is valid on all chains',
    )
  const isOpen =
    to !== undefined && chain !== undefined && openCalls.includes(to)
  const what = `${encodeType.slice(0, 200)} for ${to ?? 'no contract'}`
  // Nobody can judge an unknown type, or an unknown witness of a known type, so
  // it counts as the worst of its kind.
  const opened = kind === undefined ? encodeType : witness
  const maySell = sells.test(opened)
  const field = opaque.exec(opened)?.[1]
  if (kind === undefined) {
    if (!isOpen)
      add('unknown-message', `typed data of the unknown type ${what}`)
    const mayTake = takes.test(encodeType)
    if (mayTake)
      add(
        'unlimited-approval',
        `${meaning.primaryType} could let others take an unknown amount`,
      )
    const control = structsOf(encodeType).find(([name]) => handsOver.test(name))
    if (control !== undefined)
      add('ownership', `${control[0]} could hand over control`)
    const isJudged =
      mayTake || maySell || control !== undefined || field !== undefined
    if (!isJudged && account.test(encodeType) && amount.test(encodeType))
      add(
        'unlimited-approval',
        `${meaning.primaryType} has an amount and an address for an unknown ` +
          'purpose',
      )
  } else if (to === undefined) add('unknown-message', `${kind} for no contract`)
  if (meaning.isUncounted)
    add(
      'unlimited-approval',
      `${kind} could let others take an unknown amount of an unknown asset`,
    )
  if (maySell)
    add(
      'balance',
      `${meaning.primaryType} could sell an unknown amount at an unknown price`,
    )
  if (field !== undefined)
    add(
      'approve-hash',
      `the data has ${field}, which could be a call or a hash`,
    )
  if (proceeds !== undefined && proceeds !== domain.safe)
    add('balance', `the bought asset goes to ${proceeds}, not to the Safe`)
  for (const danger of dangers)
    if (danger === 'order-for-nothing')
      add(danger, 'the order sells something for nothing')
    else if (danger === 'order-extension')
      add('unknown-message', 'the order lacks its amounts and calls')
  for (const [token, amount] of meaning.takes)
    if (isUnlimited(amount, supplyOf(token)))
      add('unlimited-approval', `${kind} lets others take all of ${token}`)
}

/** The types of a Permit2 witness, without Permit2's own types. */
const witnessOf = (encodeType: string) =>
  encodeType
    .slice(encodeType.indexOf(')') + 1)
    .replace('TokenPermissions(address token,uint256 amount)', '')

/**
 * The structs in an `encodeType`: `Mail(Person to)Person(string name)` contains
 * two.
 */
const structsOf = (encodeType: string) =>
  [...encodeType.matchAll(/([\w$]+)\(([^)]*)\)/g)].map(
    ([, name = '', members = '']) => [name, members] as const,
  )
