import { BaseError } from '@keyward/core/errors'
import { readPrivateKey } from '@keyward/keyfile'
import { note } from '@keyward/toolkit'
import {
  AwsCallError,
  type AwsConnection,
  addressOf,
  invoke,
  withAws,
} from '@keyward/toolkit/aws'
import { signChallenge } from '@keyward/toolkit/import'
import { parseAddress } from '@keyward/toolkit/node'
import type { Result } from '../../output/Result.js'
import type { Values } from '../../program/Input.js'
import { reading } from '../../program/reading.js'
import type { sourceInputs } from '../../program/sourceInputs.js'
import type { serviceInputs } from '../../program/tokenInputs.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { publicKeyFromFile } from './publicKeyFromFile.js'

export type VerifyRequest = Values<typeof sourceInputs> &
  Values<typeof serviceInputs> & {
    in: string | undefined
    keys: readonly string[]
    publicKeys: readonly string[]
    functions: readonly string[]
    /** As they were typed, and EIP-55. */
    addresses: readonly { name: string; address: string }[]
    challenge: boolean
  }

/** One thing that should be of the account. */
export type Compared = {
  kind: 'key' | 'file' | 'public key' | 'function' | 'address'
  /** As it was given. */
  name: string
  /** EIP-55; null when there was no answer. */
  address: string | null
  /** Whether it is the account's; null when there is none to compare with. */
  agrees: boolean | null
  /** With `--challenge`: whether it was signed. A token's key always signs. */
  challengeSigned?: boolean
  /** Why there is no answer, or no signature. */
  problem?: string
}

export type Verification = {
  agree: boolean
  /** The account typed in, else the one that most are of. */
  address: string | null
  compared: Compared[]
}

/**
 * Finds out whether KMS keys, key files, public keys, functions and addresses
 * are all of one account, and which is not.
 *
 * @throws what reading a file throws; what AWS does not answer is told in the
 *   result.
 */
export async function verifyKeys(
  terminal: Terminal,
  request: VerifyRequest,
): Promise<Result<Verification>> {
  const found: Compared[] = [
    ...request.addresses.map(({ name, address }) =>
      compared('address', name, address),
    ),
    ...(await reading(() => readFiles(terminal, request))),
    ...(await askToken(terminal, request)),
    ...(await askAws(terminal, request)),
  ]
  const address = commonAddress(found)
  for (const each of found)
    if (each.address !== null && address !== null)
      each.agrees = each.address === address
  const agree = found.every(
    ({ agrees, problem }) => agrees === true && problem === undefined,
  )
  return {
    data: { agree, address, compared: found },
    text: verificationText(terminal, found, agree, address),
    exitCode: agree ? 0 : 1,
  }
}

function compared(
  kind: Compared['kind'],
  name: string,
  address: string | null,
): Compared {
  return { kind, name, address, agrees: null }
}

async function readFiles(
  terminal: Terminal,
  request: VerifyRequest,
): Promise<Compared[]> {
  const found: Compared[] = []
  if (request.in !== undefined) {
    const key = await readPrivateKey(terminal, { ...request, in: request.in })
    key.dispose()
    for (const warning of key.warnings) note(terminal, `Warning: ${warning}`)
    found.push(compared('file', request.in, key.address))
  }
  for (const path of request.publicKeys) {
    const { address } = await publicKeyFromFile(terminal, path)
    found.push(compared('public key', path, address))
  }
  return found
}

async function askToken(
  terminal: Terminal,
  request: VerifyRequest,
): Promise<Compared[]> {
  if (request.service !== 'pkcs11' || request.keys.length === 0) return []
  const { readToken } = await import('../../input/openToken.js')
  const { proveTokenKey } = await import('@keyward/toolkit/token')
  const { options } = await readToken(terminal, request)
  const found: Compared[] = []
  for (const name of request.keys) {
    const answer = compared('key', name, null)
    try {
      const { address } = await proveTokenKey(options, name)
      found.push({
        ...answer,
        address,
        ...(request.challenge ? { challengeSigned: true } : {}),
      })
    } catch (error) {
      found.push({ ...answer, problem: problemOf(error) })
    }
  }
  return found
}

async function askAws(
  terminal: Terminal,
  request: VerifyRequest,
): Promise<Compared[]> {
  const keys = request.service === 'pkcs11' ? [] : request.keys
  const [keyId] = keys
  if (keyId === undefined && request.functions.length === 0) return []
  return withAws(terminal, { keyId }, async (aws) => {
    const found: Compared[] = []
    for (const name of keys)
      found.push(await askKey(aws, name, request.challenge))
    for (const name of request.functions)
      found.push(await askFunction(aws, name))
    return found
  })
}

async function askKey(
  { kms }: AwsConnection,
  name: string,
  challenge: boolean,
): Promise<Compared> {
  const answer = compared('key', name, null)
  try {
    answer.address = await addressOf(kms, name)
    if (!challenge) return answer
    const { address } = answer
    answer.challengeSigned = await signChallenge(kms, name, address)
    return answer.challengeSigned
      ? answer
      : { ...answer, problem: 'this principal may not sign (kms:Sign)' }
  } catch (error) {
    return { ...answer, problem: problemOf(error) }
  }
}

async function askFunction(
  aws: AwsConnection,
  name: string,
): Promise<Compared> {
  const answer = compared('function', name, null)
  try {
    const { LambdaClient } = await import('@aws-sdk/client-lambda')
    const client = aws.open(LambdaClient)
    const status = await invoke(client, name, { operation: 'status' })
    answer.address = parseAddress(
      String(status.eth_checksum_address),
      `status of ${name}`,
    )
    return answer
  } catch (error) {
    return { ...answer, problem: problemOf(error) }
  }
}

function problemOf(error: unknown): string {
  const told = AwsCallError.from(error)
  if (!(told instanceof BaseError)) throw told
  return [told.shortMessage, told.details?.split('\n')[0]]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
}

/** The account typed in; else that of most, if there is one of most. */
function commonAddress(found: readonly Compared[]): string | null {
  const typed = found.find(({ kind }) => kind === 'address')
  if (typed !== undefined) return typed.address
  const counts = new Map<string, number>()
  for (const { address } of found)
    if (address !== null) counts.set(address, (counts.get(address) ?? 0) + 1)
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a)
  return first === undefined || first[1] === second?.[1] ? null : first[0]
}

function verificationText(
  terminal: Terminal,
  found: readonly Compared[],
  agree: boolean,
  address: string | null,
): string {
  const { green, red } = styleFor(terminal.stdout, terminal.env)
  const width = Math.max(...found.map(({ name }) => name.length))
  const rows = found.map((each) => {
    const verdict = verdictOf(each)
    const mark = verdict === 'agrees' || verdict === 'agrees, signed'
    return [
      (mark ? green : red)(verdict.padEnd(14)),
      each.kind.padEnd(10),
      each.name.padEnd(width),
      each.address ?? '',
      each.problem ?? '',
    ]
      .join('  ')
      .trimEnd()
  })
  const sum = agree
    ? `All are ${address}.`
    : address === null
      ? 'They are different accounts.'
      : `Not all are shown to be ${address}.`
  return [...rows, sum].join('\n')
}

function verdictOf({ agrees, address, problem, challengeSigned }: Compared) {
  if (address === null) return 'NO ANSWER'
  if (agrees !== true) return 'DIFFERS'
  if (problem !== undefined) return 'NOT PROVEN'
  return challengeSigned === true ? 'agrees, signed' : 'agrees'
}
