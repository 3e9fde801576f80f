export { CredentialsError } from './CredentialsError.js'
export { findCredentials } from './findCredentials.js'
