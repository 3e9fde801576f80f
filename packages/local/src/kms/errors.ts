// Errors that several operations return, with AWS's wording.
import { AwsError } from '../protocol/Service.js'

export const validation = (text: string): AwsError =>
  new AwsError('ValidationException', text)

export const notFound = (text: string): AwsError =>
  new AwsError('NotFoundException', text)

export const keyNotFound = (keyArn: string): AwsError =>
  notFound(`Key '${keyArn}' does not exist`)

export const aliasNotFound = (aliasArn: string): AwsError =>
  notFound(`Alias ${aliasArn} is not found.`)

export const invalidKeyId = (value: string): AwsError =>
  notFound(`Invalid keyId '${value}'`)

export const invalidState = (text: string): AwsError =>
  new AwsError('KMSInvalidStateException', text)

export const disabled = (keyArn: string): AwsError =>
  new AwsError('DisabledException', `${keyArn} is disabled.`)

export const unsupported = (text?: string): AwsError =>
  new AwsError('UnsupportedOperationException', text)

export const invalidKeyUsage = (text: string): AwsError =>
  new AwsError('InvalidKeyUsageException', text)

export const wrongUsage = (keyArn: string, operation: string): AwsError =>
  invalidKeyUsage(
    `${keyArn} key usage is SIGN_VERIFY which is not valid for ${operation}.`,
  )

export const dryRunSucceeded = (): AwsError =>
  new AwsError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  )
