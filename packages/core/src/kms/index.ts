export { createKmsClient, type KmsClientOptions } from './createKmsClient.js'
export {
  KmsConfigurationError,
  KmsResponseError,
  KmsServiceError,
  KmsTimeoutError,
  KmsUnreachableError,
} from './errors.js'
export type { Credentials } from './signRequest.js'
