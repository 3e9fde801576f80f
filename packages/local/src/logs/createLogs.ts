import { join } from 'node:path'
import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import * as awsJson from '../protocol/awsJson.js'
import { assertMembers, unknownOperation } from '../protocol/jsonOperations.js'
import { AwsError, type Service } from '../protocol/Service.js'
import { createLogStore } from './createLogStore.js'
import type { LogsContext, LogsInput, LogsOperation } from './LogsContext.js'
import { members } from './members.js'
import { CreateLogGroup } from './operations/CreateLogGroup.js'
import { DeleteLogGroup } from './operations/DeleteLogGroup.js'
import { DeleteRetentionPolicy } from './operations/DeleteRetentionPolicy.js'
import { DescribeLogGroups } from './operations/DescribeLogGroups.js'
import { DescribeLogStreams } from './operations/DescribeLogStreams.js'
import { FilterLogEvents } from './operations/FilterLogEvents.js'
import { GetLogEvents } from './operations/GetLogEvents.js'
import { PutRetentionPolicy } from './operations/PutRetentionPolicy.js'
import { toResource } from './readInput.js'

const target = /^Logs_20140328\.(\w{1,64})$/

const operations: Readonly<Record<string, LogsOperation>> = {
  CreateLogGroup,
  DeleteLogGroup,
  DeleteRetentionPolicy,
  DescribeLogGroups,
  DescribeLogStreams,
  FilterLogEvents,
  GetLogEvents,
  PutRetentionPolicy,
}

export type Logs = Service & {
  /** Whether the folder did not contain logs before. */
  isNew: boolean
  hasGroup(name: string): boolean
  /**
   * Runs an operation for the home itself, as a request from this principal.
   *
   * @throws AwsError, the operation's error
   */
  call(operation: string, input: LogsInput, principal: Principal): object
  /** Adopts the group of a stack that was loaded by a version without logs. */
  adopt(name: string, retentionInDays: number | undefined): void
  /**
   * Stores a function's log line if the function's role may write to the group.
   * Otherwise, drops the line silently, as in AWS.
   */
  write(
    line: { group: string; stream: string; message: string },
    role: Principal,
  ): void
  close(): void
}

/**
 * CloudWatch Logs, with the log groups of stacks and as many function logs as
 * fit.
 */
export function createLogs(parameters: {
  /** Data is stored in its subfolder `logs`. */
  dataDir: string
  accountId: string
  region: string
  authorize: Authorize
  /** Milliseconds since 1970. */
  now: () => number
}): Logs {
  const { dataDir, now, authorize } = parameters
  const store = createLogStore(join(dataDir, 'logs'), now)
  const context: LogsContext = { ...parameters, store }
  const call = (name: string, input: LogsInput, principal: Principal) => {
    const operation = Object.hasOwn(operations, name)
      ? operations[name]
      : undefined
    if (!operation)
      throw unknownOperation('CloudWatch Logs', name, Object.keys(operations))
    const known = members[name] ?? { read: [] }
    assertMembers('InvalidParameterException', name, input, known)
    return operation(context, input, principal) ?? {}
  }
  const isAllowed = (
    principal: Principal,
    action: string,
    resource: string,
  ) => {
    try {
      authorize({ principal, action, resource })
      return true
    } catch (error) {
      if (error instanceof AwsError) return false
      throw error
    }
  }
  return {
    name: 'logs',
    maxBodyBytes: 1024 * 1024,
    renderError: awsJson.renderError,
    async handle({ headers, body, principal }) {
      const [, name = ''] = target.exec(headers['x-amz-target'] ?? '') ?? []
      return awsJson.render(call(name, awsJson.parse(body), principal))
    },
    isNew: store.isNew,
    hasGroup: (name) => store.group(name) !== undefined,
    call,
    adopt(name, retentionInDays) {
      const kept = retentionInDays === undefined ? {} : { retentionInDays }
      if (!store.group(name)) store.save({ name, createdAt: now(), ...kept })
    },
    write({ group, stream, message }, role) {
      if (!store.group(group)) {
        const resource = toResource(context, group)
        const isDefault = group.startsWith('/aws/lambda/')
        if (!isDefault || !isAllowed(role, 'logs:CreateLogGroup', resource))
          return
        store.save({ name: group, createdAt: now() })
      }
      const resource = toResource(context, group, stream)
      if (!isAllowed(role, 'logs:PutLogEvents', resource)) return
      store.add(group, { stream, at: Math.round(now()), message })
    },
    close: store.flush,
  }
}
