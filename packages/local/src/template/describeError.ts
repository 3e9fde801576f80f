import { randomUUID } from 'node:crypto'
import { AwsError } from '../protocol/Service.js'

/** Describes a service's error on one line. */
export function describeError(error: unknown): string {
  if (error instanceof AwsError)
    return error.text ? `${error.type}: ${error.text}` : error.type
  return error instanceof Error ? error.message : String(error)
}

/** The reason why a resource failed, in the form of CloudFormation's events. */
export function toReason(error: unknown, typeName: string): string {
  const [, service = 'CloudFormation'] = typeName.split('::')
  const code =
    error instanceof AwsError ? toHandlerCode(error.type) : 'InvalidRequest'
  const message =
    error instanceof AwsError
      ? `${error.text ?? error.type} (Service: ${toServiceName(service)}, Status Code: ${error.status}, Request ID: ${randomUUID()})`
      : describeError(error)
  return `Resource handler returned message: "${message}" (RequestToken: ${randomUUID()}, HandlerErrorCode: ${code})`
}

function toServiceName(service: string): string {
  return service.charAt(0) + service.slice(1).toLowerCase()
}

function toHandlerCode(type: string): string {
  if (type.startsWith('AccessDenied')) return 'AccessDenied'
  if (/NotFound/.test(type)) return 'NotFound'
  if (/AlreadyExists|ResourceConflict/.test(type)) return 'AlreadyExists'
  if (/Throttling|TooManyRequests/.test(type)) return 'Throttling'
  if (/LimitExceeded/.test(type)) return 'ServiceLimitExceeded'
  if (/Internal|ServiceException/.test(type)) return 'ServiceInternalError'
  return 'InvalidRequest'
}
