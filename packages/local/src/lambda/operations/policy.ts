import { Policy, PolicyError } from '@keyward/iam/policy'
import { AwsError } from '../../protocol/Service.js'
import type { Permission } from '../FunctionRecord.js'
import { toRevisionId } from '../FunctionRecord.js'
import { functionNotFound } from '../FunctionRegistry.js'
import {
  getEntry,
  onFunction,
  policyOf,
  readJsonBody,
  readString,
} from '../readRequest.js'
import { toPermissionStatement } from '../toPermissionStatement.js'
import { toJsonResponse } from '../toWire.js'

const maximumBytes = 20 * 1024

function invalid(text: string): AwsError {
  return new AwsError('InvalidParameterValueException', text)
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export const AddPermission = onFunction(
  'lambda:AddPermission',
  ({ context, request, called }) => {
    getEntry(context, called)
    const body = readJsonBody(request)
    const need = (field: string): string => {
      const value = readString(body, field)
      if (value) return value
      throw invalid(`${field} is required.`)
    }
    const sid = need('StatementId')
    if (!/^[a-zA-Z0-9_-]{1,100}$/.test(sid))
      throw invalid(
        'StatementId must be 1 to 100 letters, digits, hyphens and underscores.',
      )
    const statement = toPermissionStatement({
      sid,
      functionArn: called.arn,
      action: need('Action'),
      principal: need('Principal'),
      sourceArn: readString(body, 'SourceArn'),
      sourceAccount: readString(body, 'SourceAccount'),
      principalOrgId: readString(body, 'PrincipalOrgID'),
      eventSourceToken: readString(body, 'EventSourceToken'),
      functionUrlAuthType: readString(body, 'FunctionUrlAuthType'),
    })
    assertStatement(statement)
    const { qualifier } = called
    const added: Permission = { sid, qualifier, statement }
    context.registry.update(called.name, (entry) => {
      if (!entry) throw functionNotFound(called.arn)
      const { permissions = [] } = entry
      if (permissions.some((p) => p.sid === sid && p.qualifier === qualifier))
        throw new AwsError(
          'ResourceConflictException',
          `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          409,
        )
      const after = { ...entry, permissions: [...permissions, added] }
      if (Buffer.byteLength(policyOf(after, qualifier) ?? '') > maximumBytes)
        throw new AwsError(
          'PolicyLengthExceededException',
          `The final policy size is bigger than the limit (${maximumBytes}).`,
        )
      return { entry: after, value: undefined }
    })
    return toJsonResponse({ Statement: JSON.stringify(statement) }, 201)
  },
)

function assertStatement(statement: object): void {
  try {
    Policy.fromValue(
      { Version: '2012-10-17', Statement: [statement] },
      'resource',
    )
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw invalid(
      `The provided principal or action was invalid: ${error.shortMessage}`,
    )
  }
}

function noPolicy(): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    'The resource you requested does not exist.',
    404,
  )
}

export const GetPolicy = onFunction(
  'lambda:GetPolicy',
  ({ context, called }) => {
    const policy = policyOf(getEntry(context, called), called.qualifier)
    if (policy === undefined) throw noPolicy()
    const RevisionId = toRevisionId(policy)
    return toJsonResponse({ Policy: policy, RevisionId })
  },
)

export const RemovePermission = onFunction(
  'lambda:RemovePermission',
  ({ context, called, names: [, sid = ''] }) => {
    getEntry(context, called)
    context.registry.update(called.name, (entry) => {
      if (!entry) throw functionNotFound(called.arn)
      const { permissions = [] } = entry
      const rest = permissions.filter(
        (each) => each.sid !== sid || each.qualifier !== called.qualifier,
      )
      if (rest.length === permissions.length) throw noPolicy()
      return { entry: { ...entry, permissions: rest }, value: undefined }
    })
    return { status: 204, headers: {} }
  },
)
