import { join } from 'node:path'
import { Principals } from '@keyward/iam/principals'
import { writeFileAtomicSync } from '../store/atomicFile.js'
import type { FoundHome } from './readLocalHome.js'

type Running = Extract<FoundHome, { running: true }>

/**
 * The variables with which the programs in a shell use a home as one of its
 * principals.
 */
export type Environment = {
  AWS_ENDPOINT_URL: string
  AWS_ACCESS_KEY_ID: string
  AWS_SECRET_ACCESS_KEY: string
  AWS_REGION: string
  AWS_DEFAULT_REGION: string
  AWS_KMS_KEY_ID?: string
  ETH_RPC_URL?: string
  /** Path of the file with the profiles, if there are any. */
  AWS_SHARED_CREDENTIALS_FILE?: string
}

/** @throws {HomeError} unknown-principal */
export function toEnvironment(home: Running, as: string): Environment {
  const { accessKeyId, secretAccessKey } = home.credentials(as)
  return {
    AWS_ENDPOINT_URL: home.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: home.region,
    AWS_DEFAULT_REGION: home.region,
    ...(home.keyId === undefined ? {} : { AWS_KMS_KEY_ID: home.keyId }),
    ...(home.rpcUrl === undefined ? {} : { ETH_RPC_URL: home.rpcUrl }),
  }
}

/**
 * Writes the profiles `operator`, `admin`, `user`, ... for commands that need a
 * second principal, such as `destroy --break-glass-profile break-glass`. A role
 * or user that a stack created has a profile with its name. The secrets don't
 * leave the folder that already contains them.
 *
 * @returns The path of the file, which has mode 0600.
 */
export function writeProfiles(dataDir: string, home: Running): string {
  const path = join(dataDir, 'profiles')
  const short = Principals.arns(home.accountId)
  const others = home
    .principals()
    .map((arn) => [arn.slice(arn.lastIndexOf('/') + 1), arn] as const)
    .filter(([name, arn]) => name !== arn && !Principals.names.includes(name))
  const principals = new Map([
    ...Principals.names.map((name) => [name, name] as const),
    ...others.filter(([, arn]) => !short.includes(arn)),
  ])
  const text = [...principals]
    .map(([name, as]) => {
      const { accessKeyId, secretAccessKey } = home.credentials(as)
      return [
        `[${name}]`,
        `aws_access_key_id = ${accessKeyId}`,
        `aws_secret_access_key = ${secretAccessKey}`,
        `region = ${home.region}`,
        `endpoint_url = ${home.endpoint}`,
        '',
      ].join('\n')
    })
    .join('\n')
  writeFileAtomicSync(path, text)
  return path
}
