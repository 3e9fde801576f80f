import type { Hex } from '@keyward/core'
import { isUnlimited } from '@keyward/guard/calls'
import {
  closed,
  type Danger,
  type Finding,
  type Rules,
} from '../danger/Danger.js'
import type { SafeDomain } from '../SafeTransaction.js'
import type { Meaning } from './readMeaning.js'

type Supply = (token: Hex) => bigint | undefined

/** Under these names, a hash is signed on behalf of a Safe or smart account. */
const wrappers = [
  ...['SafeTx', 'SafeMessage', 'SafeOp'],
  ...['PackedUserOperation', 'UserOperation'],
]

/**
 * All dangers in a message that no rule allows. Being a message is a danger in
 * itself.
 */
export function findMessageDangers(
  meaning: Meaning,
  domain: SafeDomain,
  supplyOf: Supply,
  rules: Rules,
): Finding[] {
  const { openCalls = [] } = rules
  const found: Finding[] = []
  const final: Finding[] = []
  const add = (danger: Danger, text: string) =>
    found.push({ danger, path: '', text })
  const refuse = (text: string) =>
    final.push({
      ...{ danger: 'unknown-message', path: '' },
      text: `${text}, which nothing opens`,
    })
  add(
    'safe-message',
    meaning.of === 'text'
      ? `a message (${meaning.kind})`
      : `typed data ${meaning.primaryType}`,
  )
  if (meaning.of === 'text') findInText(meaning, domain, add, refuse)
  else findInTypedData(meaning, domain, { add, refuse, supplyOf, openCalls })
  return [...final, ...closed(found, rules)]
}

type Text = Extract<Meaning, { of: 'text' }>
type TypedData = Extract<Meaning, { of: 'typedData' }>
type Add = (danger: Danger, text: string) => void
type Refuse = (text: string) => void

function findInText(
  { kind, signIn }: Text,
  { chainId, safe }: SafeDomain,
  add: Add,
  refuse: Refuse,
): void {
  if (kind !== 'text' && kind !== 'sign-in')
    refuse(`it may be the ${words[kind]} of something else`)
  if (kind !== 'sign-in') return
  if (signIn === undefined) {
    add('unknown-message', 'it signs in, in another form than EIP-4361')
    return
  }
  const { chain, address } = signIn
  if (chain !== BigInt(chainId)) refuse(`it signs in on chain ${chain}`)
  if (address !== safe)
    add('unknown-message', `it signs in as ${address}, not as the Safe`)
}

const words = {
  hash: 'hash',
  'typed-data-hash': 'EIP-712 bytes',
  transaction: 'bytes',
  bytes: 'bytes',
} as const

function findInTypedData(
  meaning: TypedData,
  { chainId, safe }: SafeDomain,
  about: {
    add: Add
    refuse: Refuse
    supplyOf: Supply
    openCalls: readonly string[]
  },
): void {
  const { add, refuse, supplyOf, openCalls } = about
  const { kind, chain, contract, encodeType, dangers, takes, proceeds } =
    meaning
  const to = contract?.toLowerCase() as Hex | undefined
  const wrapper = structsOf(encodeType).find((name) => wrappers.includes(name))
  if (wrapper !== undefined)
    refuse(`it wraps a ${wrapper}: propose that transaction instead`)
  if (to === safe) refuse('its domain is the Safe itself')
  if (chain !== undefined && chain !== BigInt(chainId))
    refuse(`its domain is of chain ${chain}`)
  if (chain === undefined)
    add('unknown-message', 'its domain names no chain: it is valid on each')
  const isOpen = to !== undefined && chain !== undefined
  if (kind === undefined && !(isOpen && openCalls.includes(to)))
    add(
      'unknown-message',
      `${encodeType.slice(0, 200)} for ${to ?? 'no contract'}`,
    )
  else if (kind !== undefined && to === undefined)
    add('unknown-message', `${kind} for no contract`)
  if (proceeds !== undefined && proceeds !== safe)
    add('balance', `what it buys goes to ${proceeds}, not to the Safe`)
  for (const danger of dangers)
    if (danger === 'order-for-nothing')
      add('unlimited-approval', 'it sells for nothing')
    else if (danger === 'order-extension')
      add('unknown-message', 'its amounts and calls stand elsewhere')
  for (const [token, amount] of takes)
    if (isUnlimited(amount, supplyOf(token)))
      add('unlimited-approval', `${kind} lets others take all of ${token}`)
}

/** `Mail(Person to)Person(string name)` gives both. */
const structsOf = (encodeType: string) =>
  [...encodeType.matchAll(/(\w+)\(/g)].map(([, name]) => name ?? '')
