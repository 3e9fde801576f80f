import { readFile } from 'node:fs/promises'
import { isLoopback } from '../aws/resolveEndpoint.js'
import { askHttp, codeOf } from './askHttp.js'
import { CredentialsError } from './CredentialsError.js'
import * as Issued from './Issued.js'

/**
 * Addresses of ECS, and of EKS over IPv4 and IPv6. Plain http is allowed only
 * to these and to this machine.
 */
const hosts = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]']

const advice =
  'Check that the task has a role (ECS), or that the pod has a Pod Identity association (EKS).'

/**
 * Credentials of an ECS task or an EKS pod (Pod Identity).
 *
 * @returns undefined if no container provides credentials
 * @throws CredentialsError
 */
export async function fromContainer(
  env: Issued.Environment,
): Promise<Issued.Issued | undefined> {
  const url = endpointOf(env)
  if (url === undefined) return undefined
  const token = await readToken(env)
  const from = `The container's credentials endpoint ${url.origin}`
  const answer = await askHttp(url, {
    headers: token === undefined ? {} : { authorization: token },
    timeoutMs: 5000,
  }).catch((error) => {
    throw new CredentialsError(
      `${from} can't be reached (${codeOf(error)}).`,
      advice,
      error,
    )
  })
  if (answer.status === 200) return Issued.parse(answer.body, from, advice)
  throw new CredentialsError(`${from} returned HTTP ${answer.status}.`, advice)
}

function endpointOf(env: Issued.Environment): URL | undefined {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative } = env
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = env
  if (relative) return new URL(relative, `http://${hosts[0]}`)
  if (!full) return undefined
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' &&
      (hosts.includes(url.hostname) || isLoopback(url.hostname)))
  )
    return url
  throw new CredentialsError(
    'AWS_CONTAINER_CREDENTIALS_FULL_URI is not an allowed URL.',
    'It must be an https URL, or an http URL whose host is this machine (loopback) or the credentials endpoint of ECS or EKS.',
  )
}

/** Reads the file each time, because EKS rotates the token in it. */
async function readToken(env: Issued.Environment): Promise<string | undefined> {
  const { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } = env
  const token = file
    ? await readFile(file, 'utf8').catch((error) => {
        throw new CredentialsError(
          `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE can't be read (${codeOf(error)}).`,
          undefined,
          error,
        )
      })
    : env.AWS_CONTAINER_AUTHORIZATION_TOKEN
  if (token === undefined || token === '') return undefined
  if (/^[\x21-\x7e ]+$/.test(token)) return token
  throw new CredentialsError(
    "The container's authorization token contains line breaks or other characters that are not allowed in a header.",
  )
}
