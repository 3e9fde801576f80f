export type { Credentials } from '../aws/credentials.js'
export { createKmsClient, type KmsClientOptions } from './createKmsClient.js'
export {
  KmsConfigurationError,
  KmsResponseError,
  KmsServiceError,
  KmsTimeoutError,
  KmsUnreachableError,
} from './errors.js'
