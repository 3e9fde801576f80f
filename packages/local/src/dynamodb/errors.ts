import { AwsError } from '../protocol/Service.js'

/** An error from DynamoDB or from the front end of all services. */
export class DynamoError extends AwsError {
  /** The complete answer, if dynalite created it. */
  readonly body: Readonly<Record<string, unknown>>

  constructor(body: Readonly<Record<string, unknown>>, status = 400) {
    const type = String(body.__type)
    const text = body.message ?? body.Message
    super(
      type.slice(type.indexOf('#') + 1),
      text === undefined ? undefined : String(text),
      status,
    )
    this.body = body
  }
}

export const invalid = (text: string): AwsError =>
  new AwsError('ValidationException', text)

export const tableNotFound = (name: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: Table: ${name} not found`,
  )

/** The error text that the backup operations use. */
export const backupTableNotFound = (name: string): AwsError =>
  new AwsError('TableNotFoundException', `Table not found: ${name}`)

export const policyNotFound = (text: string): AwsError =>
  new AwsError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${text}`,
  )

// Each error type carries the prefix of the DynamoDB part that raises it.
const ofFront = [
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InternalFailure',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'RequestTooLargeException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
]

/** Converts the error to the body of an answer. */
export function toBody(error: AwsError): Readonly<Record<string, unknown>> {
  if (error instanceof DynamoError) return error.body
  const { type, text } = error
  if (ofFront.includes(type))
    return { __type: `com.amazon.coral.service#${type}`, Message: text }
  const space =
    type === 'ValidationException'
      ? 'com.amazon.coral.validate'
      : 'com.amazonaws.dynamodb.v20120810'
  return { __type: `${space}#${type}`, message: text }
}
