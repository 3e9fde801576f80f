import type { AwsErrors, AwsService } from './AwsService.js'

/**
 * DynamoDB's properties for the lean client. The caller supplies the errors.
 */
export function dynamoDb(errors: AwsErrors): AwsService {
  return {
    name: 'dynamodb',
    title: 'DynamoDB',
    targetPrefix: 'DynamoDB_20120810',
    contentType: 'application/x-amz-json-1.0',
    // A query page holds 1 MB of items, and slightly more as JSON and base64.
    maxAnswerBytes: 8 * 1024 * 1024,
    transientCodes: new Set([
      'ProvisionedThroughputExceededException',
      'ThrottlingException',
      'RequestLimitExceeded',
      'InternalServerError',
      'LimitExceededException',
    ]),
    errors,
  }
}
