// This module has no dependencies, because code that creates keys without CDK
// imports it too.
export {
  guardTag,
  type KeyPolicyDocument,
  type KeyPolicyStatement,
  type KeyRoles,
  keyPolicyDocument,
} from './keyPolicyDocument.js'
export { assertDisjoint, isExecutionRole, isUserOrRole } from './principals.js'
