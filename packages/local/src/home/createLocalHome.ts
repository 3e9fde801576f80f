import { join } from 'node:path'
import { toPortError } from '../chain/freePort.js'
import { type Chain, startChain } from '../chain/startChain.js'
import { allowKnown } from '../iam/allowKnown.js'
import {
  type AccessKey,
  createCredentialStore,
} from '../iam/createCredentialStore.js'
import * as Principals from '../iam/Principals.js'
import { createKms } from '../kms/createKms.js'
import { createLambda } from '../lambda/createLambda.js'
import { createServer, type ServerStats } from '../protocol/createServer.js'
import * as DataDir from '../store/DataDir.js'
import * as ProcessId from '../store/ProcessId.js'
import { accountId, region } from './constants.js'
import { createFaultsService } from './createFaultsService.js'
import { ensureStack, type Stack } from './ensureStack.js'
import * as Faults from './Faults.js'
import * as HomeFile from './HomeFile.js'
import { type HomeKey, listKeys } from './listKeys.js'

export type LocalHomeOptions = {
  /** Folder of its state, created when absent. */
  dataDir: string
  /** 0 takes a free one. @default 4566 */
  port?: number | undefined
  /** `false` starts none; port 0 takes a free one. @default port 8545 */
  chain?: { port: number } | false | undefined
  /** Created when absent. @default none */
  stack?: Stack | undefined
  faults?: Partial<Faults.Faults> | undefined
  /** Hears what happens unasked, and what functions log, line by line. */
  onEvent?: ((event: string) => void) | undefined
}

export type LocalHome = {
  /** For example `http://127.0.0.1:4566`. */
  endpoint: string
  /** Undefined without a chain. */
  rpcUrl: string | undefined
  accountId: string
  region: string
  /** All keys, that of the stack first. */
  keys(): HomeKey[]
  functions(): { name: string; arn: string }[]
  /**
   * Access keys of operator, admin, user, importer, break-glass, root or an
   * ARN.
   *
   * @throws {HomeError} unknown-principal
   */
  credentials(as: string): AccessKey
  /** @throws {HomeError} invalid-faults */
  setFaults(change: Partial<Faults.Faults>): Faults.Faults
  /** Requests and connections since the start. */
  stats(): ServerStats
  /** Stops all of it; what was acknowledged is on disk. */
  close(): Promise<void>
}

/**
 * AWS KMS and AWS Lambda on 127.0.0.1, and a chain (anvil, id 31337). Account
 * 000000000000, Region us-east-1, SigV4 verified. State is kept in `dataDir`
 * and survives kill -9.
 *
 * @throws {HomeError} folder-locked, folder-not-ours, folder-not-private,
 * file-damaged, port-taken, chain-failed, chain-missing, invalid-faults
 * @example
 * const home = await createLocalHome({ dataDir: '.keyward', port: 0, chain: false })
 */
export async function createLocalHome(
  options: LocalHomeOptions,
): Promise<LocalHome> {
  const { port = 4566, stack, onEvent = () => {} } = options
  const chainOptions = options.chain ?? { port: 8545 }
  let faults = Faults.merge(Faults.none, options.faults ?? {})
  const now = () => Date.now() + faults.clockSkewS * 1000
  const dataDir = DataDir.open(options.dataDir)
  // Undone in reverse, at the end as after a failure half-way.
  const undo: (() => void | Promise<void>)[] = [dataDir.release]
  const undoAll = async () => {
    const errors: unknown[] = []
    for (let step = undo.pop(); step !== undefined; step = undo.pop())
      try {
        await step()
      } catch (error) {
        // The rest must stop all the same, and the folder be given back.
        errors.push(error)
      }
    if (errors.length > 0) throw errors[0]
  }
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= undoAll()
    return closed
  }
  try {
    // A home that was killed left its own, which is not true any more.
    HomeFile.remove(dataDir.path)
    const shared = { dataDir: dataDir.path, accountId, region, now }
    const credentials = createCredentialStore(shared)
    const authorize = allowKnown
    const kms = createKms({ ...shared, authorize, faults: () => faults })
    undo.push(kms.close)
    let endpoint = ''
    const lambda = createLambda({
      ...shared,
      authorize,
      endpoint: () => endpoint,
      issueCredentials: credentials.issue,
      log: ({ functionName, line }) => onEvent(`${functionName}: ${line}`),
    })
    undo.push(lambda.close)
    const setFaults = (change: object) => {
      faults = Faults.merge(faults, change)
      return faults
    }
    const faultsService = createFaultsService({
      principals: ['operator', 'root'].map((name) =>
        Principals.toArn(name, accountId),
      ),
      setFaults,
    })
    const server = await createServer({
      port,
      region,
      services: [kms, lambda, faultsService],
      findCredential: credentials.find,
      now,
      onUnexpected: (error) => onEvent(`Unexpected: ${describe(error)}`),
    }).catch((error: unknown) => {
      throw toPortError(error, port, '--port')
    })
    undo.push(server.close)
    endpoint = server.endpoint
    let chain: Chain | undefined
    if (chainOptions !== false) {
      chain = await startChain({
        folder: join(dataDir.path, 'chain'),
        port: chainOptions.port,
        onExit: (reason) => onEvent(`The chain has ended: ${reason}`),
      })
      undo.push(chain.close)
    }
    const made =
      stack &&
      (await ensureStack({
        stack,
        kms,
        lambda,
        accountId,
        principal: {
          arn: Principals.toArn('root', accountId),
          account: accountId,
        },
      }))
    HomeFile.write(dataDir.path, {
      format: 1,
      process: ProcessId.current(),
      endpoint,
      rpcUrl: chain?.rpcUrl,
      accountId,
      region,
      keyId: made?.keyArn,
    })
    undo.push(() => HomeFile.remove(dataDir.path))
    return {
      endpoint,
      rpcUrl: chain?.rpcUrl,
      accountId,
      region,
      keys: () => listKeys(kms, stack?.name),
      functions: () =>
        lambda.listFunctions().map(({ name, arn }) => ({ name, arn })),
      credentials: credentials.accessKey,
      setFaults,
      stats: server.stats,
      close,
    }
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
