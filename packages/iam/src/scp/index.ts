// This module has no dependencies, because the command line prints the policy
// without the CDK.
export {
  type ControlPolicySettings,
  type ServiceControlPolicy,
  serviceControlPolicy,
} from './serviceControlPolicy.js'
