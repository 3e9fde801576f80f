import { BaseError } from '@keyward/core/errors'
import type { Pkcs11Options } from '@keyward/core/pkcs11'
import { type PrivateKeySource, readPrivateKey } from '@keyward/keyfile'
import { AwsCallError } from '../aws/AwsCallError.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { addressOf } from '../aws/describeKey.js'
import { invoke } from '../aws/invoke.js'
import { withAws } from '../aws/withAws.js'
import { type Io, note } from '../Io.js'
import { signChallenge } from '../import/signChallenge.js'
import { parseAddress } from '../node/parseAddress.js'
import { reading } from '../reading.js'
import { publicKeyFromFile } from './publicKeyFromFile.js'

export type VerifyRequest = Omit<PrivateKeySource, 'in'> & {
  in: string | undefined
  /** The KMS keys, or the keys on the token. */
  keys: readonly string[]
  /** Opens the token that stores the keys. */
  token: (() => Promise<{ options: Pkcs11Options }>) | undefined
  publicKeys: readonly string[]
  functions: readonly string[]
  /** The addresses, both as typed and in EIP-55 form. */
  addresses: readonly { name: string; address: string }[]
  challenge: boolean
}

/** Something that should belong to the account. */
export type Compared = {
  kind: 'key' | 'file' | 'public key' | 'function' | 'address'
  /** The key, file, function or address, as given. */
  name: string
  /** EIP-55 form; null if there was no answer. */
  address: string | null
  /**
   * Whether it matches the account; null if there is no account to compare
   * with.
   */
  agrees: boolean | null
  /** With `--challenge`: whether the key signed. A token's key always signs. */
  challengeSigned?: boolean
  /** Why there is no answer or no signature. */
  problem?: string
}

export type Verification = {
  agree: boolean
  /** The given account, or the one to which most of the things belong. */
  address: string | null
  compared: Compared[]
}

/**
 * Checks whether KMS keys, key files, public keys, functions and addresses all
 * belong to the same account, and which of them don't.
 *
 * @throws any error from reading a file; AWS failures are reported in the
 * result
 */
export async function verifyKeys(
  io: Io,
  request: VerifyRequest,
): Promise<Verification> {
  const found: Compared[] = [
    ...request.addresses.map(({ name, address }) =>
      compared('address', name, address),
    ),
    ...(await reading(() => readFiles(io, request))),
    ...(await askToken(request)),
    ...(await askAws(io, request)),
  ]
  const address = commonAddress(found)
  for (const each of found)
    if (each.address !== null && address !== null)
      each.agrees = each.address === address
  const agree = found.every(
    ({ agrees, problem }) => agrees === true && problem === undefined,
  )
  return { agree, address, compared: found }
}

function compared(
  kind: Compared['kind'],
  name: string,
  address: string | null,
): Compared {
  return { kind, name, address, agrees: null }
}

async function readFiles(io: Io, request: VerifyRequest): Promise<Compared[]> {
  const found: Compared[] = []
  if (request.in !== undefined) {
    const key = await readPrivateKey(io, { ...request, in: request.in })
    key.dispose()
    for (const warning of key.warnings) note(io, `Warning: ${warning}`)
    found.push(compared('file', request.in, key.address))
  }
  for (const path of request.publicKeys) {
    const { address } = await publicKeyFromFile(io, path)
    found.push(compared('public key', path, address))
  }
  return found
}

async function askToken(request: VerifyRequest): Promise<Compared[]> {
  if (request.token === undefined || request.keys.length === 0) return []
  const { proveTokenKey } = await import('../token/openTokenKey.js')
  const { options } = await request.token()
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

async function askAws(io: Io, request: VerifyRequest): Promise<Compared[]> {
  const keys = request.token === undefined ? request.keys : []
  const [keyId] = keys
  if (keyId === undefined && request.functions.length === 0) return []
  return withAws(io, { keyId }, async (aws) => {
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
      : { ...answer, problem: 'you are not allowed to sign (kms:Sign)' }
  } catch (error) {
    return { ...answer, problem: problemOf(error) }
  }
}

/**
 * Whether a version or an alias follows a function's name (`NAME`), partial ARN
 * (`ACCOUNT:function:NAME`) or ARN (7 parts).
 */
const isQualified = (name: string) => name.split(':').length % 2 === 0

async function askFunction(
  aws: AwsConnection,
  name: string,
): Promise<Compared> {
  const answer = compared('function', name, null)
  try {
    const { LambdaClient } = await import('@aws-sdk/client-lambda')
    const client = aws.open(LambdaClient)
    // With callers, a function answers this only through its alias `status`.
    const asked = isQualified(name) ? name : `${name}:status`
    const status = await invoke(client, asked, { operation: 'status' })
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

/** The given account, or the one to which most of the things belong. */
function commonAddress(found: readonly Compared[]): string | null {
  const typed = found.find(({ kind }) => kind === 'address')
  if (typed !== undefined) return typed.address
  const counts = new Map<string, number>()
  for (const { address } of found)
    if (address !== null) counts.set(address, (counts.get(address) ?? 0) + 1)
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a)
  return first === undefined || first[1] === second?.[1] ? null : first[0]
}
