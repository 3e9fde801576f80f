import { chmod, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Principals } from '@keyward/iam/principals'
import { type FoundHome, readLocalHome } from '@keyward/local'
import { shellQuote } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { findHomeFolder } from './findHomeFolder.js'
import { HomeNotRunningError } from './HomeNotRunningError.js'

/** What a shell sets to talk to the local home as one of its principals. */
export type Environment = {
  AWS_ENDPOINT_URL: string
  AWS_ACCESS_KEY_ID: string
  AWS_SECRET_ACCESS_KEY: string
  AWS_REGION: string
  AWS_DEFAULT_REGION: string
  AWS_KMS_KEY_ID?: string
  ETH_RPC_URL?: string
  /** With profiles: the file that has them. */
  AWS_SHARED_CREDENTIALS_FILE?: string
}

/**
 * Reads the running home's folder. The text is for `eval`: `export` lines,
 * and `unset` for what would override them.
 *
 * @throws HomeNotRunningError
 */
export async function printEnvironment(options: {
  dataDir: string
  as: string
  /** Also writes an AWS profile for each of the home's principals. */
  profiles: boolean
}): Promise<Result<Environment>> {
  const dataDir = findHomeFolder(options.dataDir)
  const home = await readLocalHome(dataDir)
  if (!home.running) throw new HomeNotRunningError(dataDir)
  const { accessKeyId, secretAccessKey } = home.credentials(options.as)
  const data: Environment = {
    AWS_ENDPOINT_URL: home.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: home.region,
    AWS_DEFAULT_REGION: home.region,
    ...(home.keyId === undefined ? {} : { AWS_KMS_KEY_ID: home.keyId }),
    ...(home.rpcUrl === undefined ? {} : { ETH_RPC_URL: home.rpcUrl }),
    ...(options.profiles && {
      AWS_SHARED_CREDENTIALS_FILE: await writeProfiles(dataDir, home),
    }),
  }
  return { data, text: environmentText(data) }
}

/**
 * Writes the profiles `operator`, `admin`, `user`, ... for commands that take
 * a second principal, such as `destroy --break-glass-profile break-glass`. The
 * secrets don't leave the folder that has them already.
 */
async function writeProfiles(
  dataDir: string,
  home: Extract<FoundHome, { running: true }>,
): Promise<string> {
  const path = join(dataDir, 'profiles')
  const text = Principals.names
    .map((name) => {
      const { accessKeyId, secretAccessKey } = home.credentials(name)
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
  const fresh = `${path}.${process.pid}`
  await writeFile(fresh, text, { mode: 0o600 })
  await chmod(fresh, 0o600)
  await rename(fresh, path)
  return path
}

/** Lines for a POSIX shell. */
function environmentText(environment: Environment): string {
  const absent = (['AWS_KMS_KEY_ID', 'ETH_RPC_URL'] as const).filter(
    (name) => environment[name] === undefined,
  )
  return [
    `unset ${['AWS_PROFILE', 'AWS_SESSION_TOKEN', ...absent].join(' ')}`,
    ...Object.entries(environment).map(
      ([name, value]) => `export ${name}=${shellQuote(value)}`,
    ),
  ].join('\n')
}
