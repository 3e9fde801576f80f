export { AwsCallError } from './AwsCallError.js'
export { assertProfile } from './assertProfile.js'
export { awsCommand } from './awsCommand.js'
export { type AwsConnection, connectAws } from './connectAws.js'
export { createNamedKey } from './createNamedKey.js'
export {
  addressOf,
  describeKey,
  isEthereumKey,
  type KeyDescription,
  toDescription,
} from './describeKey.js'
export { invoke } from './invoke.js'
export { KeyPolicyRefusedError } from './KeyPolicyRefusedError.js'
export { assertAliasFree } from './listNamed.js'
export { partitionOf } from './partitionOf.js'
export { isMissing, peek, seen } from './peek.js'
export { readMetadata } from './readMetadata.js'
export { sendToHome } from './sendToHome.js'
export { toAlias } from './toAlias.js'
export { untilSettled } from './untilSettled.js'
export { withAws } from './withAws.js'
