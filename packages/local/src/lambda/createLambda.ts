import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Authorize } from '../iam/Authorize.js'
import { AwsError, type Service } from '../protocol/Service.js'
import { lateFunctions } from '../strict/lateFunctions.js'
import { assertUnreserved, standardLimit } from './accountConcurrency.js'
import { createCodeStore } from './CodeStore.js'
import {
  createEnvironment,
  type EnvironmentContext,
  type LogEntry,
} from './Environment.js'
import { createEnvironmentPool } from './EnvironmentPool.js'
import { createEventQueue, retryDelaysMs } from './EventQueue.js'
import { toFunctionArn } from './FunctionName.js'
import type {
  AliasRecord,
  FunctionDefinition,
  FunctionEntry,
  FunctionRecord,
  Permission,
} from './FunctionRecord.js'
import { createFunctionRegistry } from './FunctionRegistry.js'
import type { LambdaContext } from './LambdaContext.js'
import { putAlias } from './operations/aliases.js'
import { publishVersion } from './operations/versions.js'
import { createRuntimeApi } from './RuntimeApi.js'
import { maxRequestBytes, renderError } from './renderError.js'
import { route } from './route.js'
import { toFunctionRecord } from './toFunctionRecord.js'
import { createWatchdog } from './Watchdog.js'

export type LambdaFunction = FunctionRecord & { arn: string }

export type Lambda = Service & {
  /**
   * Creates a function or changes its `$LATEST`. If code and configuration are
   * the same, nothing changes. Versions and aliases stay.
   *
   * @throws AwsError InvalidParameterValueException, or the error from reading
   *   `code.path`.
   */
  putFunction(definition: FunctionDefinition): Promise<LambdaFunction>
  listFunctions(): LambdaFunction[]
  /**
   * Publishes and returns a new version, or returns the last one if nothing has
   * changed since.
   */
  publishVersion(
    name: string,
    options?: {
      codeSha256?: string | undefined
      description?: string | undefined
    },
  ): LambdaFunction
  deleteVersion(name: string, version: string): void
  /** Creates an alias, or points it to another version. */
  putAlias(
    functionName: string,
    alias: { name: string; functionVersion: string; description?: string },
  ): AliasRecord
  deleteAlias(functionName: string, alias: string): void
  /**
   * Adds a statement to the function's policy, or replaces the statement with
   * the same sid.
   */
  addPermission(functionName: string, permission: Permission): void
  removePermission(functionName: string, sid: string): void
  /**
   * Sets how often a failed event through this version or alias is retried.
   * `$LATEST` also covers calls without a qualifier. If undefined, the default
   * is restored.
   */
  putEventInvokeConfig(
    functionName: string,
    qualifier: string,
    maximumRetryAttempts: number | undefined,
  ): void
  deleteFunction(name: string): void
  /**
   * The complete record of a function, which `restore` brings back after a
   * failed change.
   */
  snapshot(name: string): FunctionEntry | undefined
  restore(name: string, entry: FunctionEntry | undefined): void
  /** Ends all processes, and resolves once they have ended. */
  close(): Promise<void>
}

const withoutSid = ({ permissions = [] }: FunctionEntry, sid: string) =>
  permissions.filter((each) => each.sid !== sid)

/**
 * AWS Lambda for functions of one `.mjs` file. Each function runs in its own
 * processes, which inherit nothing and get events from the Lambda Runtime API,
 * as in AWS. State is stored under `<dataDir>/lambda`, which only one Lambda at
 * a time can use.
 */
export function createLambda(parameters: {
  dataDir: string
  accountId: string
  region: string
  authorize: Authorize
  /**
   * Returns the home's endpoint, for the functions' AWS_ENDPOINT_URL. Called at
   * each start.
   */
  endpoint: () => string
  /** The chain's URL, for the functions' ETH_RPC_URL; default none. */
  rpcUrl?: string | undefined
  issueCredentials: EnvironmentContext['issueCredentials']
  /** Milliseconds since 1970. */
  now: () => number
  /**
   * Receives each line that the functions or Lambda itself log; default none.
   */
  log?: (entry: LogEntry) => void
  /**
   * Limit on the concurrent invocations of all functions without a reservation;
   * default 32.
   */
  maxConcurrency?: number
  /** See EnvironmentContext. By default, processes are never frozen. */
  onThaw?: EnvironmentContext['onThaw']
  /** Delay until reads show a change; default none. */
  lateMs?: (() => number) | undefined
  /** The account's quota of concurrent invocations; default 1000. */
  accountLimit?: number
  /** How long a process waits for its next invocation; default 5 minutes. */
  idleMs?: number
  /** Delay between attempts of a failing event; default 1 and 2 minutes. */
  eventRetryDelaysMs?: readonly number[]
}): Lambda {
  const { accountId, region, authorize, now } = parameters
  const folder = join(parameters.dataDir, 'lambda')
  const scratchRoot = join(folder, 'scratch')
  // A killed home may have left these.
  rmSync(scratchRoot, { recursive: true, force: true })
  const { accountLimit = standardLimit } = parameters
  const registry = createFunctionRegistry(join(folder, 'functions.json'))
  const code = createCodeStore(join(folder, 'code'))
  const runtimeApi = createRuntimeApi()
  const watchdog = createWatchdog()
  const environmentContext: EnvironmentContext = {
    region,
    endpoint: parameters.endpoint,
    rpcUrl: parameters.rpcUrl,
    issueCredentials: parameters.issueCredentials,
    now,
    log: parameters.log ?? (() => undefined),
    code,
    runtimeApi,
    watchdog,
    scratchRoot,
    onThaw: parameters.onThaw,
  }
  const pool = createEnvironmentPool({
    create: (record) => createEnvironment(environmentContext, record),
    maxConcurrency: parameters.maxConcurrency ?? 32,
    idleMs: parameters.idleMs ?? 300_000,
  })
  const events = createEventQueue(
    parameters.eventRetryDelaysMs ?? retryDelaysMs,
  )
  const { lateMs } = parameters
  const seen = lateMs ? lateFunctions(registry, now, lateMs) : registry
  const context: LambdaContext = {
    accountId,
    region,
    authorize,
    registry,
    pool,
    events,
    code,
    accountLimit,
    now,
  }
  const reading: LambdaContext = { ...context, registry: seen }
  const withArn = (record: FunctionRecord): LambdaFunction => ({
    ...record,
    arn: toFunctionArn(
      context,
      record.name,
      record.version === '$LATEST' ? undefined : record.version,
    ),
  })

  async function putFunction(definition: FunctionDefinition) {
    const added = await code.add(definition.code)
    const record = toFunctionRecord(definition, added, now())
    const { reservedConcurrency, maximumRetryAttempts = 2 } = definition
    if (typeof reservedConcurrency === 'number')
      assertUnreserved(registry, accountLimit, record.name, reservedConcurrency)
    const entry = registry.update(record.name, (before) => {
      const isSame = before?.latest.revisionId === record.revisionId
      const after = {
        ...(before ?? { versions: [], nextVersion: 1, aliases: [] }),
        latest: isSame ? before.latest : record,
        reservedConcurrency:
          reservedConcurrency === 'kept'
            ? before?.reservedConcurrency
            : reservedConcurrency,
        maximumRetryAttempts,
      }
      return { entry: after, value: after }
    })
    pool.retire(record.name, [entry.latest, ...entry.versions])
    return withArn(entry.latest)
  }

  /** If the function was deleted, there is nothing to change. */
  function change(
    name: string,
    to: (entry: FunctionEntry) => FunctionEntry,
  ): void {
    const entry = registry.update(name, (before) => {
      const after = before && to(before)
      return { entry: after, value: after }
    })
    if (entry) pool.retire(name, [entry.latest, ...entry.versions])
  }

  return {
    name: 'lambda',
    maxBodyBytes: maxRequestBytes,
    renderError,
    async handle(request) {
      try {
        const { operation, names } = route(request.method, request.path)
        const isRead = request.method === 'GET'
        return await operation(isRead ? reading : context, request, names)
      } catch (error) {
        if (error instanceof AwsError) return renderError(error)
        throw error
      }
    },
    putFunction,
    listFunctions: () => registry.list().map(({ latest }) => withArn(latest)),
    publishVersion: (name, options) =>
      withArn(publishVersion(context, name, options)),
    deleteVersion: (name, version) =>
      change(name, (entry) => ({
        ...entry,
        versions: entry.versions.filter((each) => each.version !== version),
      })),
    putAlias: (functionName, alias) =>
      putAlias(context, functionName, alias, 'any'),
    deleteAlias: (name, alias) =>
      change(name, (entry) => ({
        ...entry,
        aliases: entry.aliases.filter((each) => each.name !== alias),
      })),
    addPermission: (name, permission) =>
      change(name, (entry) => ({
        ...entry,
        permissions: [...withoutSid(entry, permission.sid), permission],
      })),
    removePermission: (name, sid) =>
      change(name, (entry) => ({
        ...entry,
        permissions: withoutSid(entry, sid),
      })),
    putEventInvokeConfig: (name, qualifier, attempts) =>
      change(name, (entry) => {
        const { [qualifier]: _, ...others } = entry.retryAttemptsOf ?? {}
        return {
          ...entry,
          retryAttemptsOf:
            attempts === undefined
              ? others
              : { ...others, [qualifier]: attempts },
        }
      }),
    snapshot: (name) => structuredClone(registry.get(name)),
    restore(name, entry) {
      registry.update(name, () => ({ entry, value: undefined }))
      pool.retire(name, entry ? [entry.latest, ...entry.versions] : [])
    },
    deleteFunction(name) {
      registry.update(name, () => ({
        entry: undefined,
        value: undefined,
      }))
      pool.retire(name, [])
    },
    async close() {
      events.close()
      await pool.close()
      await runtimeApi.close()
      await watchdog.close()
    },
  }
}
