import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { Principals } from '@keyward/iam/principals'
import { HomeError } from '../HomeError.js'
import { readJsonSync, writeFileAtomicSync } from '../store/atomicFile.js'
import type { Credential } from './Credential.js'

/** The long-lived access keys of one principal. */
export type AccessKey = {
  accessKeyId: string
  secretAccessKey: string
  principalArn: string
}

export type CredentialStore = {
  find(accessKeyId: string): Credential | undefined
  /**
   * Temporary credentials of a role's session, for a function or a caller that
   * assumes the role. They exist only in memory, until the home stops.
   */
  issue(session: {
    roleArn: string
    sessionName: string
    /** Default: 12 hours. */
    durationS?: number
    /** ARN of the function that gets them. */
    sourceFunctionArn?: string
  }): {
    accessKeyId: string
    secretAccessKey: string
    sessionToken: string
    /** Milliseconds since 1970. */
    expiresAt: number
  }
  /**
   * Creates access keys for these principals, unless they already have some.
   */
  ensure(principalArns: readonly string[]): void
  /** @throws {HomeError} unknown-principal */
  accessKey(as: string): AccessKey
}

type File = { format: 1; accessKeys: AccessKey[] }

// A function's credentials last this long in AWS.
const sessionMs = 12 * 60 * 60_000

/**
 * Opens the access keys that are stored in the folder, and creates random ones
 * for principals that have none.
 */
export function createCredentialStore(parameters: {
  /** The home's folder. */
  dataDir: string
  accountId: string
  now: () => number
}): CredentialStore {
  const { dataDir, accountId, now } = parameters
  const credentials = new Map<string, Credential>()
  let accessKeys: AccessKey[] = []
  const ensure = (principalArns: readonly string[]) => {
    accessKeys = addMissing(dataDir, principalArns)
    for (const { accessKeyId, secretAccessKey, principalArn } of accessKeys)
      credentials.set(accessKeyId, {
        accessKeyId,
        secretAccessKey,
        principal: {
          arn: principalArn,
          account: principalArn.split(':')[4] ?? accountId,
        },
      })
  }
  assertAccount(dataDir, accountId)
  ensure(Principals.arns(accountId))

  const forgetExpired = () => {
    // Expired credentials are kept for a day. In that time, the answer to them
    // is ExpiredTokenException.
    for (const { accessKeyId, expiresAt = Infinity } of credentials.values())
      if (expiresAt + 2 * sessionMs < now()) credentials.delete(accessKeyId)
  }

  return {
    ensure,
    find: (accessKeyId) => credentials.get(accessKeyId),
    accessKey: (as) => pick(accessKeys, as, accountId),
    issue({ roleArn, sessionName, durationS, sourceFunctionArn }) {
      forgetExpired()
      const lifeMs = durationS === undefined ? sessionMs : durationS * 1000
      const issued = {
        accessKeyId: newAccessKeyId('ASIA'),
        secretAccessKey: newSecret(),
        sessionToken: randomBytes(192).toString('base64'),
        expiresAt: now() + lifeMs,
      }
      credentials.set(issued.accessKeyId, {
        ...issued,
        principal: {
          arn: Principals.toSessionArn(roleArn, sessionName),
          account: accountId,
          roleArn,
          ...(sourceFunctionArn !== undefined && { sourceFunctionArn }),
        },
      })
      return issued
    },
  }
}

/** Reads an access key of a home that runs in another process. */
export function readAccessKey(
  dataDir: string,
  accountId: string,
  as: string,
): AccessKey {
  return pick(readFile(dataDir)?.accessKeys ?? [], as, accountId)
}

/** ARNs of the principals that have access keys in a folder. */
export function principalsIn(dataDir: string): string[] {
  return (readFile(dataDir)?.accessKeys ?? []).map(
    ({ principalArn }) => principalArn,
  )
}

/**
 * Refuses a folder of another account, because its files contain that account's
 * id. @throws HomeError
 */
function assertAccount(dataDir: string, accountId: string): void {
  const operator = Principals.toArn('operator', accountId)
  const kept = readFile(dataDir)?.accessKeys ?? []
  const isOther = kept.every(({ principalArn }) => principalArn !== operator)
  if (kept.length > 0 && isOther)
    throw new HomeError(
      'folder-not-ours',
      `${dataDir} is the home of an AWS account other than ${accountId}. Start that home with its own account id, or choose another folder with --data-dir.`,
    )
}

function addMissing(
  dataDir: string,
  principalArns: readonly string[],
): AccessKey[] {
  const kept = readFile(dataDir)?.accessKeys ?? []
  const missing = [...new Set(principalArns)].filter(
    (arn) => !kept.some((key) => key.principalArn === arn),
  )
  if (missing.length === 0) return kept
  const file: File = {
    format: 1,
    accessKeys: [
      ...kept,
      ...missing.map((principalArn) => ({
        accessKeyId: newAccessKeyId('AKIA'),
        secretAccessKey: newSecret(),
        principalArn,
      })),
    ],
  }
  writeFileAtomicSync(pathOf(dataDir), `${JSON.stringify(file, null, 2)}\n`)
  return file.accessKeys
}

function readFile(dataDir: string): File | undefined {
  const file = readJsonSync(pathOf(dataDir)) as File | undefined
  if (file !== undefined && file.format !== 1)
    throw new HomeError(
      'file-damaged',
      `${pathOf(dataDir)} has an unknown format, because another version of Keyward wrote it. Use that version, or start again with --reset.`,
    )
  return file
}

function pathOf(dataDir: string) {
  return join(dataDir, 'credentials.json')
}

function pick(keys: AccessKey[], as: string, accountId: string): AccessKey {
  const arn = Principals.toArn(as, accountId)
  const found = keys.find((key) => key.principalArn === arn)
  if (found) return { ...found }
  throw new HomeError(
    'unknown-principal',
    `There are no credentials for ${JSON.stringify(as.slice(0, 80))}. Use one of ${Principals.names.join(', ')}, or one of these ARNs: ${keys.map((key) => key.principalArn).join(', ')}.`,
  )
}

function newAccessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let id: string = prefix
  while (id.length < 20) id += alphabet[randomInt(alphabet.length)]
  return id
}

function newSecret(): string {
  return randomBytes(30).toString('base64')
}
