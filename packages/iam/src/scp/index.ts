// Has no dependencies: the command line prints it without the CDK.
export {
  type ControlPolicySettings,
  type ServiceControlPolicy,
  serviceControlPolicy,
} from './serviceControlPolicy.js'
