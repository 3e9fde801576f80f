// Resolved from this folder, so that peers get the packages of their lockfile.
export { KMSClient } from '@aws-sdk/client-kms'
