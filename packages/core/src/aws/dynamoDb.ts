import type { AwsErrors, AwsService } from './AwsService.js'

/** What the lean client must know of DynamoDB, but for the caller's errors. */
export function dynamoDb(errors: AwsErrors): AwsService {
  return {
    name: 'dynamodb',
    title: 'DynamoDB',
    targetPrefix: 'DynamoDB_20120810',
    contentType: 'application/x-amz-json-1.0',
    // A page of a query holds 1 MB of items, in JSON and base64 a little more.
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
