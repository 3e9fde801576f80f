import { type FunctionRecord, toLogGroup } from './FunctionRecord.js'
import { findGranting } from './findGranting.js'

/**
 * Leaves out variables that are refused today. The function may have been
 * stored before that.
 */
function withoutGrants(environment: FunctionRecord['environment']) {
  return findGranting(environment).length === 0
    ? environment
    : Object.fromEntries(
        Object.entries(environment).filter(
          ([name, value]) => findGranting({ [name]: value }).length === 0,
        ),
      )
}

/** Credentials of a session of the function's role. */
export type SessionCredentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

/**
 * The whole environment of a function's process: the variables that Lambda sets
 * and those in the function's configuration, but none of ours.
 */
export function toChildEnvironment(parameters: {
  record: FunctionRecord
  region: string
  endpoint: string
  rpcUrl: string | undefined
  credentials: SessionCredentials
  logStream: string
  runtimeApi: string
  runtimeDir: string
  taskRoot: string
  /**
   * The folder is private to this execution environment, and is removed with
   * it.
   */
  scratch: string
}): Record<string, string> {
  const { record, region, credentials, scratch } = parameters
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: scratch,
    TMPDIR: scratch,
    // With this variable, AWS clients find the local home; without it, they
    // would find AWS.
    AWS_ENDPOINT_URL: parameters.endpoint,
    // The home's chain, for functions that have no other endpoint.
    ...(parameters.rpcUrl && { ETH_RPC_URL: parameters.rpcUrl }),
    AWS_NODEJS_CONNECTION_REUSE_ENABLED: '1',
    ...withoutGrants(record.environment),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: record.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memorySizeMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: toLogGroup(record),
    AWS_LAMBDA_LOG_STREAM_NAME: parameters.logStream,
    AWS_LAMBDA_LOG_FORMAT: record.logFormat,
    ...(record.logFormat === 'JSON'
      ? { AWS_LAMBDA_LOG_LEVEL: record.applicationLogLevel }
      : {}),
    AWS_LAMBDA_RUNTIME_API: parameters.runtimeApi,
    LAMBDA_RUNTIME_DIR: parameters.runtimeDir,
    LAMBDA_TASK_ROOT: parameters.taskRoot,
    _HANDLER: record.handler,
  }
}
