export type { AwsErrors, AwsService, Refusal } from './AwsService.js'
export { adviceOn } from './adviceOn.js'
export {
  type AwsClient,
  type AwsClientOptions,
  createAwsClient,
} from './createAwsClient.js'
export { createExchange, type Exchange } from './createExchange.js'
export {
  createRequestSigner,
  type RequestSigner,
} from './createRequestSigner.js'
export {
  type Credentials,
  type CredentialsSource,
  readCredentials,
} from './credentials.js'
export { dynamoDb } from './dynamoDb.js'
export { findUnheard, findUnheardProxy } from './findUnheard.js'
export { isWebhookUrl } from './isWebhookUrl.js'
export * as Partition from './Partition.js'
export { isLoopback } from './resolveEndpoint.js'
