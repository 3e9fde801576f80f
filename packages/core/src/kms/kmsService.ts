import type { AwsService } from '../aws/AwsService.js'
import {
  KmsConfigurationError,
  KmsResponseError,
  KmsServiceError,
  KmsTimeoutError,
  KmsUnreachableError,
} from './errors.js'

export const kms: AwsService = {
  name: 'kms',
  title: 'KMS',
  targetPrefix: 'TrentService',
  contentType: 'application/x-amz-json-1.1',
  // A public key or signature takes less than 1 kB; errors take a little more.
  maxAnswerBytes: 64 * 1024,
  // Signing twice is harmless, because only the returned signature counts.
  transientCodes: new Set([
    'ThrottlingException',
    'RequestLimitExceeded',
    'KMSInternalException',
    'DependencyTimeoutException',
    'KeyUnavailableException',
  ]),
  errors: {
    refused: (operation, refusal) => new KmsServiceError(operation, refusal),
    unreachable: (host, cause) => new KmsUnreachableError(host, cause),
    timeout: (host, timeoutMs) => new KmsTimeoutError(host, timeoutMs),
    damaged: (operation, reason) => new KmsResponseError(operation, reason),
    configuration: (reason) => new KmsConfigurationError(reason),
  },
}
