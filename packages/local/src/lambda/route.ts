import { AwsError } from '../protocol/Service.js'
import type { Operation } from './LambdaContext.js'
import {
  CreateAlias,
  DeleteAlias,
  GetAlias,
  ListAliases,
  UpdateAlias,
} from './operations/aliases.js'
import {
  DeleteFunctionConcurrency,
  GetFunctionConcurrency,
  PutFunctionConcurrency,
} from './operations/concurrency.js'
import { DeleteFunction } from './operations/DeleteFunction.js'
import { GetFunctionEventInvokeConfig } from './operations/eventInvokeConfig.js'
import { GetAccountSettings } from './operations/GetAccountSettings.js'
import { Invoke } from './operations/Invoke.js'
import {
  AddPermission,
  GetPolicy,
  RemovePermission,
} from './operations/policy.js'
import {
  GetFunction,
  GetFunctionConfiguration,
  ListFunctions,
  ListVersionsByFunction,
} from './operations/read.js'
import {
  UpdateFunctionCode,
  UpdateFunctionConfiguration,
} from './operations/update.js'
import { PublishVersion } from './operations/versions.js'

/** The root of most operations. Newer ones begin with another date. */
const root = '/2015-03-31/functions'

/**
 * Method, path (either after the root or complete; `*` stands for a name), and
 * operation.
 */
const routes: readonly [string, string, Operation][] = [
  ['GET', '', ListFunctions],
  ['GET', '/*', GetFunction],
  ['GET', '/*/configuration', GetFunctionConfiguration],
  ['POST', '/*/invocations', Invoke],
  ['GET', '/*/versions', ListVersionsByFunction],
  ['POST', '/*/versions', PublishVersion],
  ['GET', '/*/aliases', ListAliases],
  ['POST', '/*/aliases', CreateAlias],
  ['GET', '/*/aliases/*', GetAlias],
  ['PUT', '/*/aliases/*', UpdateAlias],
  ['DELETE', '/*/aliases/*', DeleteAlias],
  ['PUT', '/*/code', UpdateFunctionCode],
  ['PUT', '/*/configuration', UpdateFunctionConfiguration],
  ['PUT', '/2017-10-31/functions/*/concurrency', PutFunctionConcurrency],
  ['GET', '/2019-09-30/functions/*/concurrency', GetFunctionConcurrency],
  ['DELETE', '/2017-10-31/functions/*/concurrency', DeleteFunctionConcurrency],
  [
    'GET',
    '/2019-09-25/functions/*/event-invoke-config',
    GetFunctionEventInvokeConfig,
  ],
  ['DELETE', '/*', DeleteFunction],
  ['GET', '/2016-08-19/account-settings', GetAccountSettings],
  ['GET', '/*/policy', GetPolicy],
  ['POST', '/*/policy', AddPermission],
  ['DELETE', '/*/policy/*', RemovePermission],
]

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Finds the operation for a path.
 *
 * @throws AwsError UnsupportedOperationException for operations that the local
 *   Lambda doesn't have.
 */
export function route(
  method: string,
  path: string,
): { operation: Operation; names: string[] } {
  const parts = path.replace(/\/$/, '').split('/')
  for (const [verb, pattern, operation] of routes) {
    const whole = /^\/\d{4}-/.test(pattern) ? pattern : `${root}${pattern}`
    const wanted = whole.split('/')
    if (verb !== method || wanted.length !== parts.length) continue
    if (!wanted.every((part, i) => part === '*' || part === parts[i])) continue
    const names = parts.filter((_, i) => wanted[i] === '*').map(decode)
    return { operation, names }
  }
  throw new AwsError(
    'UnsupportedOperationException',
    `The local Lambda has no operation ${method} ${path.slice(0, 80)}. It has: ${routes.map(([, , each]) => each.name).join(', ')}. Only stacks create functions.`,
    400,
  )
}
