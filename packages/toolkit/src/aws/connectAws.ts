import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms'
import { findUnheard, Partition } from '@keyward/core/aws'
import { InputError } from '@keyward/core/errors'
import type { Io } from '../Io.js'
import { AwsCallError } from './AwsCallError.js'
import { credentialConfig } from './credentialConfig.js'
import { findHome } from './findHome.js'
import { resolveEndpoint } from './resolveEndpoint.js'
import * as Target from './Target.js'

/** The options that all SDK clients accept. */
export type ClientConfig = Pick<
  KMSClientConfig,
  'credentials' | 'endpoint' | 'region'
>

type Closable = { destroy(): void }

export type AwsConnection = {
  target: Target.Target
  /** Twelve digits. */
  account: string
  region: string
  kms: KMSClient
  /** ARN of the caller: a user, a role session or the account's root. */
  callerArn(): Promise<string>
  /**
   * Creates a client for another service with the same target and credentials.
   * The client closes with the connection.
   */
  open<client extends Closable>(
    create: new (config: ClientConfig) => client,
    credentials?: ClientConfig['credentials'],
  ): client
  close(): void
}

/**
 * Finds credentials, Region and endpoint as the SDK does. Determines the target
 * and announces it before sending anything else.
 *
 * @param options.keyId - A key ARN provides the account and, if no Region is
 * set, the Region.
 * @param options.profile - A profile in the AWS settings, used instead of the
 * environment's credentials.
 * @param options.quiet - Doesn't announce the target; for a second connection.
 * @throws InsecureEndpointError, StrangeHomeError, AwsCallError
 */
export async function connectAws(
  io: Io,
  options: { keyId?: string; profile?: string; quiet?: boolean } = {},
): Promise<AwsConnection> {
  const { KMSClient } = await import('@aws-sdk/client-kms')
  const { keyId, profile } = options
  const arn = keyId === undefined ? undefined : parseArn(keyId)
  const probe = new KMSClient({
    // A key belongs to one Region: its ARN is more reliable than a default.
    ...(arn !== undefined && { region: arn.region }),
    ...(await credentialConfig(io, profile)),
  })
  const opened: Closable[] = [probe]
  const close = () => {
    for (const client of opened.splice(0)) client.destroy()
  }
  try {
    const { target, account, region, caller } = await find(probe, arn?.account)
    if (options.quiet !== true) io.notify({ kind: 'target', target })
    const config: ClientConfig = {
      region,
      credentials: probe.config.credentials,
      // The home serves all services from one endpoint, whatever else is
      // configured.
      ...(target.kind === 'local' && { endpoint: target.endpoint }),
    }
    return {
      ...{ target, account, region, kms: probe, close },
      callerArn: async () =>
        (caller ?? (await callerIdentity(probe, region))).arn,
      open(create, credentials) {
        const client = new create({
          ...config,
          ...(credentials !== undefined && { credentials }),
        })
        guard(client)
        opened.push(client)
        return client
      },
    }
  } catch (error) {
    close()
    throw AwsCallError.from(error)
  }
}

type Found = {
  target: Target.Target
  account: string
  region: string
  /** Set if the caller has already been looked up. */
  caller: Identity | undefined
}

type Identity = { account: string; arn: string }

async function find(
  client: KMSClient,
  knownAccount: string | undefined,
): Promise<Found> {
  const url = await resolveEndpoint(client)
  const region = await client.config.region()
  if (assertHeard(url)) {
    const home = await findHome(
      url.origin,
      region,
      await client.config.credentials(),
    )
    if (home !== undefined)
      return {
        target: { kind: 'local', endpoint: url.origin },
        account: home.accountId,
        region,
        caller: { account: home.accountId, arn: home.callerArn },
      }
  }
  const caller =
    knownAccount === undefined
      ? await callerIdentity(client, region)
      : undefined
  const account = knownAccount ?? caller?.account ?? ''
  const endpoint = isOwnHost(url.hostname, region)
    ? {}
    : { endpoint: url.origin }
  return {
    target: { kind: 'aws', account, region, ...endpoint },
    account,
    region,
    caller,
  }
}

/**
 * Whether a host belongs to KMS in a Region: the standard host, FIPS or
 * dual-stack.
 */
export function isOwnHost(host: string, region: string): boolean {
  const { dnsSuffix, dualStackDnsSuffix } = Partition.ofRegion(region)
  return ['kms', 'kms-fips'].some((service) =>
    [dnsSuffix, dualStackDnsSuffix].some(
      (suffix) => host === `${service}.${region}.${suffix}`,
    ),
  )
}

async function callerIdentity(
  client: KMSClient,
  region: string,
): Promise<Identity> {
  const { STSClient, GetCallerIdentityCommand } = await import(
    '@aws-sdk/client-sts'
  )
  const sts = new STSClient({
    region,
    credentials: client.config.credentials,
  })
  guard(sts)
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}))
    return { account: Account ?? '(unknown account)', arn: Arn ?? '' }
  } finally {
    sts.destroy()
  }
}

/**
 * Checks every request of a client against {@link Target.mayBeLocal}, because
 * variables such as AWS_ENDPOINT_URL_LAMBDA can redirect individual services.
 * Also refuses settings that the SDK would ignore.
 */
function guard(client: object): void {
  const { middlewareStack } = client as { middlewareStack: MiddlewareStack }
  middlewareStack.add(
    (next) => (args) => {
      const { protocol, hostname } = args.request
      assertHeard(new URL(`${protocol}//${hostname}`))
      return next(args)
    },
    { step: 'build', name: 'keywardGuard', priority: 'high' },
  )
}

/**
 * Refuses settings that other AWS programs follow but that the SDK for
 * JavaScript ignores.
 *
 * @returns as {@link Target.mayBeLocal}
 * @throws InsecureEndpointError, InputError
 */
function assertHeard(url: URL): boolean {
  const mayBeLocal = Target.mayBeLocal(url)
  const unheard = findUnheard(url, process.env)
  if (unheard === undefined) return mayBeLocal
  throw new InputError(`The request to AWS (${url.hostname}) was not sent.`, {
    details: `${unheard}.`,
  })
}

// Only the part of the SDK's type that is used here. The SDK's own type differs
// per client.
type Handler = (args: {
  request: { protocol: string; hostname: string }
}) => Promise<unknown>
type MiddlewareStack = {
  add(middleware: (next: Handler) => Handler, options: object): void
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
