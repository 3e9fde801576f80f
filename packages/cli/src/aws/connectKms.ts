import type { KMSClient } from '@aws-sdk/client-kms'
import { note, type Terminal } from '../Terminal.js'
import { AwsCallError } from './AwsCallError.js'
import { resolveEndpoint } from './resolveEndpoint.js'
import * as Target from './Target.js'

export type Connection = {
  client: KMSClient
  target: Target.Target
  close(): void
}

/**
 * Opens KMS with the SDK's own chain of credentials and settings, finds out
 * where that leads, and says so on stderr before anything else is sent.
 *
 * @param keyId - A key ARN in it gives the account and, when no Region is
 *   set, the Region.
 * @throws InsecureEndpointError, AwsCallError
 */
export async function connectKms(
  terminal: Terminal,
  keyId?: string,
): Promise<Connection> {
  const { KMSClient } = await import('@aws-sdk/client-kms')
  const arn = keyId === undefined ? undefined : parseArn(keyId)
  // A key lives in one Region: its ARN knows better than a default does.
  const client = new KMSClient(arn === undefined ? {} : { region: arn.region })
  try {
    const target = await findTarget(client, arn?.account)
    note(terminal, Target.format(target))
    return { client, target, close: () => client.destroy() }
  } catch (error) {
    client.destroy()
    throw error
  }
}

async function findTarget(
  client: KMSClient,
  knownAccount: string | undefined,
): Promise<Target.Target> {
  try {
    const url = await resolveEndpoint(client)
    if (Target.isLocalEndpoint(url))
      return { kind: 'local', endpoint: url.origin }
    const region = await client.config.region()
    const account = knownAccount ?? (await callerAccount(client, region))
    const own = /^kms(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|api\.aws)$/
    return own.test(url.hostname)
      ? { kind: 'aws', account, region }
      : { kind: 'aws', account, region, endpoint: url.origin }
  } catch (error) {
    throw AwsCallError.from(error)
  }
}

async function callerAccount(
  client: KMSClient,
  region: string,
): Promise<string> {
  const { STSClient, GetCallerIdentityCommand } = await import(
    '@aws-sdk/client-sts'
  )
  const sts = new STSClient({
    region,
    credentials: client.config.credentials,
  })
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}))
    return Account ?? 'of unknown number'
  } finally {
    sts.destroy()
  }
}

function parseArn(
  keyId: string,
): { region: string; account: string } | undefined {
  const match = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(key|alias)\//.exec(
    keyId,
  )
  const [, region, account] = match ?? []
  return region === undefined || account === undefined
    ? undefined
    : { region, account }
}
