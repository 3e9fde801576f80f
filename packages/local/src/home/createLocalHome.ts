// Over 300 lines, because all services of the home are combined here, in the
// order in which they start and end.

import { join } from 'node:path'
import type { Principal } from '@keyward/iam/policy'
import { Principals } from '@keyward/iam/principals'
import * as Bootstrap from '../bootstrap/Bootstrap.js'
import { assertFree, toPortError } from '../chain/freePort.js'
import { startChain } from '../chain/startChain.js'
import { createCloudFormation } from '../cloudformation/createCloudFormation.js'
import { createDynamoDb } from '../dynamodb/createDynamoDb.js'
import { createSchedules } from '../events/createSchedules.js'
import {
  type AccessKey,
  createCredentialStore,
} from '../iam/createCredentialStore.js'
import { createKms } from '../kms/createKms.js'
import { createLambda } from '../lambda/createLambda.js'
import { toFunctionArn } from '../lambda/FunctionName.js'
import { createLogs } from '../logs/createLogs.js'
import { createServer, type ServerStats } from '../protocol/createServer.js'
import type { Service } from '../protocol/Service.js'
import { createS3 } from '../s3/createS3.js'
import { createS3Asset } from '../s3/createS3Asset.js'
import { createSecretsManager } from '../secretsmanager/createSecretsManager.js'
import { createSsm } from '../ssm/createSsm.js'
import * as DataDir from '../store/DataDir.js'
import * as ProcessId from '../store/ProcessId.js'
import { pendingLambda } from '../strict/pendingLambda.js'
import { throttleControlPlane } from '../strict/throttleControlPlane.js'
import { createSts } from '../sts/createSts.js'
import type { StackHome } from '../template/ResourceType.js'
import { createKeywardService } from './createKeywardService.js'
import * as Faults from './Faults.js'
import { describeStale, findStaleLedgers } from './findStaleLedgers.js'
import * as HomeFile from './HomeFile.js'
import { isRoutine } from './isRoutine.js'
import { type HomeKey, listKeys } from './listKeys.js'
import { type LoadedAssembly, openStacks } from './openStacks.js'

export type LocalHome = {
  /** Endpoint of all services, for example `http://127.0.0.1:4566`. */
  endpoint: string
  /** Undefined without a chain. */
  rpcUrl: string | undefined
  accountId: string
  region: string
  /** All keys, beginning with the stack's. */
  keys(): HomeKey[]
  functions(): { name: string; arn: string }[]
  /**
   * Long-lived credentials of operator, admin, user, importer, break-glass or
   * root, or of the principal with that ARN.
   *
   * @throws {HomeError} unknown-principal
   */
  credentials(as: string): AccessKey
  faults(): Faults.Faults
  /** @throws {HomeError} invalid-faults */
  setFaults(by: Partial<Faults.Faults>): void
  /**
   * The number of requests and connections at the AWS endpoint since the start.
   */
  stats(): ServerStats
  /**
   * Stops everything. When this returns, the state in the folder is complete.
   */
  close(): Promise<void>
}

export declare namespace createLocalHome {
  type Parameters = {
    /**
     * The home's folder, created if it doesn't exist. Only one home at a time
     * can use it.
     */
    dataDir: string
    /**
     * Id of the account that the home simulates. A folder always belongs to one
     * account. Default 000000000000.
     */
    accountId?: string
    /** Port of the AWS endpoint. Default 4566; 0 uses any free port. */
    port?: number
    /** Default `{ port: 8545 }`; `false` starts no chain. */
    chain?: { port?: number } | false
    /**
     * A stack written by `cdk synth`. The home creates it, or updates it if the
     * template changed. A function is called once the ports are known to be
     * free. Default: none.
     */
    assembly?: LoadedAssembly | (() => Promise<LoadedAssembly>) | undefined
    faults?: Partial<Faults.Faults>
    /**
     * Behaves like AWS at its worst: changes become visible 5 s late, the
     * control plane refuses some requests, functions freeze between invocations
     * and then find dead connections, and only ten run at once. Default false.
     */
    awsStrict?: boolean
    /** Receives progress lines for users, and the functions' logs. */
    onEvent?: (event: string) => void
  }
}

const region = 'us-east-1'

/**
 * Starts AWS KMS, Lambda and DynamoDB on one loopback endpoint, and a chain
 * (anvil) next to it, with their state in one folder. The policies of keys,
 * functions and roles authorize every request, as in an account.
 *
 * @example
 * const home = await createLocalHome({ dataDir: '.keyward', port: 0 })
 * const client = new KMSClient({
 *   endpoint: home.endpoint,
 *   region: home.region,
 *   credentials: home.credentials('operator'),
 * })
 *
 * @throws {HomeError} folder-not-ours, folder-not-private, folder-locked,
 * file-damaged, port-taken, chain-missing, chain-failed, invalid-faults.
 * @throws {StackError} if the assembly can't be loaded. Services that were
 *   already started are stopped.
 */
export async function createLocalHome(
  parameters: createLocalHome.Parameters,
): Promise<LocalHome> {
  const { port = 4566, chain = {}, awsStrict = false } = parameters
  const { accountId = '000000000000' } = parameters
  const onEvent = parameters.onEvent ?? (() => {})
  let faults = Faults.change(Faults.none, parameters.faults ?? {})
  const setFaults = (by: object) => {
    faults = Faults.change(faults, by)
  }
  const now = () => Date.now() + faults.clockSkewS * 1000
  const closers: (() => void | Promise<void>)[] = []
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= closeAll()
    return closed
  }
  const closeAll = async () => {
    const errors: unknown[] = []
    for (const closer of closers.splice(0).reverse())
      await Promise.resolve()
        .then(closer)
        .catch((error) => errors.push(error))
    if (errors.length > 0) throw errors[0]
  }

  const start = async (): Promise<LocalHome> => {
    const folder = DataDir.open(parameters.dataDir)
    closers.push(folder.release)
    const dataDir = folder.path
    // A killed home may have left this file, whose content is no longer true.
    HomeFile.remove(dataDir)
    const chainPort = chain === false ? undefined : (chain.port ?? 8545)
    await assertFree({ '--port': port, '--chain-port': chainPort })
    const given = parameters.assembly
    const assembly = typeof given === 'function' ? await given() : given
    const running =
      chainPort === undefined
        ? undefined
        : await startChain({
            folder: join(dataDir, 'chain'),
            port: chainPort,
            onExit: (reason) => onEvent(`The chain has stopped: ${reason}`),
          })
    if (running) closers.push(running.close)
    const credentials = createCredentialStore({ dataDir, accountId, now })
    const home = { dataDir, accountId, region, now }
    const bootstrap = Bootstrap.create(accountId, region)
    // Resources loaded at the start are visible from the start.
    let isUp = false
    const lateMs = awsStrict ? () => (isUp ? 5000 : 0) : undefined
    const stacks = openStacks({ ...home, assembly, bootstrap, lateMs })
    const { policiesOf, trustPolicyOf } = stacks
    const shared = { ...home, authorize: stacks.authorize }
    const kms = createKms({ ...shared, faults: () => faults, lateMs })
    closers.push(() => kms.close())
    const dynamodb = await createDynamoDb({ ...shared, lateMs })
    closers.push(() => dynamodb.close())
    const secrets = createSecretsManager({ ...shared, lateMs })
    const logs = createLogs(shared)
    closers.push(() => logs.close())
    const isByClock = (functionName: string) =>
      stacks
        .scheduledRules()
        .flatMap(({ schedule }) => schedule.targets)
        .some((each) => each.functionArn === toFunctionArn(home, functionName))
    let endpoint = ''
    let silence = (_: string) => {}
    const lambda = createLambda({
      ...shared,
      endpoint: () => endpoint,
      rpcUrl: running?.rpcUrl,
      ...(awsStrict && {
        lateMs,
        maxConcurrency: 10,
        accountLimit: 10,
        onThaw: (accessKeyId: string, frozenMs: number) => {
          if (frozenMs > 2000) silence(accessKeyId)
        },
      }),
      issueCredentials: (roleArn, functionName) =>
        credentials.issue({
          roleArn,
          sessionName: functionName,
          sourceFunctionArn: toFunctionArn(home, functionName),
        }),
      log: (entry) => {
        const { functionName, line, logGroup, logStream, roleArn } = entry
        if (!isByClock(functionName) || !isRoutine(line))
          onEvent(`${functionName}: ${line}`)
        logs.write(
          { group: logGroup, stream: logStream, message: line },
          {
            arn: Principals.toSessionArn(roleArn, functionName),
            account: accountId,
            roleArn,
            sourceFunctionArn: toFunctionArn(home, functionName),
          },
        )
      },
    })
    closers.push(() => lambda.close())
    const s3 = createS3({ ...shared, bucketNames: [bootstrap.bucketName] })
    const asset = createS3Asset(s3)
    const homeOf = (deployer: Principal): StackHome => ({
      accountId,
      region,
      authorize: stacks.authorize,
      dynamodb,
      kms,
      lambda,
      logs,
      deployer,
      settleMs: lateMs,
      trustPolicyOf,
      policiesOf,
    })
    if (logs.isNew) stacks.adoptLogGroups(logs)
    await stacks.load({ homeOf, asset, onEvent })
    const cloudFormation = createCloudFormation({
      ...shared,
      bootstrap,
      store: stacks.store,
      homeOf,
      asset,
      readObject: s3.read,
      trustPolicyOf,
      onChanged: () => tell(),
      onEvent,
    })
    closers.push(() => cloudFormation.settled())
    const sts = createSts({
      ...shared,
      trustPolicyOf: stacks.knownTrustPolicyOf,
      assumeRole: credentials.issue,
    })
    const ssm = createSsm({
      ...shared,
      lateMs,
      fixed: new Map([[bootstrap.parameterName, bootstrap.version]]),
    })
    const keys = () => listKeys(kms, stacks.key(kms)?.alias)
    const keyward = createKeywardService({
      accountId,
      region,
      findCredential: credentials.find,
      faults: () => faults,
      setFaults,
    })
    const services: Service[] = [
      kms,
      awsStrict ? pendingLambda(lambda, now) : lambda,
      logs,
      dynamodb,
      secrets,
      cloudFormation,
      s3,
      ssm,
      sts,
      keyward,
    ]
    const server = await createServer({
      port,
      region,
      services: awsStrict ? services.map(throttleControlPlane) : services,
      findCredential: credentials.find,
      now,
      onUnexpected: (error) => onEvent(`Unexpected: ${describe(error)}`),
    }).catch((error: unknown) => {
      throw toPortError(error, port, '--port')
    })
    closers.push(server.close)
    endpoint = server.endpoint
    silence = server.silence
    isUp = true
    // Written for other processes, because stacks come and go while the home
    // runs.
    const tell = () => {
      credentials.ensure(stacks.principals())
      const keyId = stacks.key(kms)?.keyId
      HomeFile.write(dataDir, {
        format: 1,
        process: ProcessId.current(),
        endpoint,
        ...(running && { rpcUrl: running.rpcUrl }),
        accountId,
        region,
        ...(keyId !== undefined && { keyId }),
      })
    }
    tell()
    closers.push(() => HomeFile.remove(dataDir))
    if (running)
      for (const stale of await findStaleLedgers({
        tableNames: stacks.tableNames(),
        addresses: keys().flatMap(({ address }) => address ?? []),
        port: running.port,
        dynamodb,
        reader: {
          arn: Principals.toArn('operator', accountId),
          account: accountId,
        },
      }))
        onEvent(describeStale(stale))
    const schedules = createSchedules({
      accountId,
      region,
      lambda,
      rules: stacks.scheduledRules,
      now,
      onEvent,
    })
    closers.push(schedules.close)
    return {
      endpoint,
      rpcUrl: running?.rpcUrl,
      accountId,
      region,
      keys,
      functions: () =>
        lambda.listFunctions().map(({ name, arn }) => ({ name, arn })),
      credentials: credentials.accessKey,
      faults: () => ({ ...faults }),
      setFaults,
      stats: server.stats,
      close,
    }
  }

  try {
    return await start()
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
