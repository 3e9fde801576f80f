import { resolve } from 'node:path'
import { readLocalHome } from '@keyward/local'
import type { Result } from '../output.js'
import { shellQuote } from '../shellQuote.js'
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
}

/**
 * Reads the running home's folder. The text is for `eval`: `export` lines,
 * and `unset` for what would override them.
 *
 * @throws HomeNotRunningError
 */
export async function env(options: {
  dataDir: string
  as: string
}): Promise<Result<Environment>> {
  const dataDir = resolve(options.dataDir)
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
  }
  return { data, text: environmentText(data) }
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
