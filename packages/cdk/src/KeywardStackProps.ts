import type { StackProps } from 'aws-cdk-lib'
import type { SendingProps } from './SendingProps.js'
import type { SignerFunctionProps } from './SignerFunction.js'
import type { SigningKeyProps } from './SigningKey.js'

type FromFunction = Omit<
  SignerFunctionProps,
  'functionName' | 'guardTable' | 'kind' | 'signingKey'
>

/**
 * Properties of a {@link KeywardStack}: those of its key and of its functions.
 */
export interface KeywardStackProps
  extends StackProps,
    FromFunction,
    SendingProps,
    Partial<
      Omit<
        SigningKeyProps,
        'alias' | 'description' | 'guardTableArn' | 'isGuarded'
      >
    > {
  /**
   * Name of the key's alias, with `alias/`.
   *
   * @default - `alias/` and the name of the stack
   */
  readonly alias?: string
  /**
   * ARN of an existing key: created in the console, imported, or kept from an
   * earlier stack. The stack then has only functions. `address` is required,
   * settings for creating a key are refused, and the key's own policy must let
   * the functions' roles sign.
   *
   * @default - the stack creates a key
   */
  readonly existingKeyArn?: string
  /**
   * ARN of the SNS topic that receives a message about every change to who can
   * sign.
   *
   * @default - no messages
   */
  readonly alarmTopicArn?: string
  /**
   * Lets `users` and roles of `signingKey.grantSign` bypass the policy. Without
   * this setting, once there is a policy, only functions that check one may
   * sign.
   *
   * @default false
   */
  readonly unguardedUsers?: boolean
  /**
   * Name of the table in which an earlier stack for the same account counted
   * the policy's windows. Without it, the windows start at 0, and the same
   * amounts can be spent again.
   *
   * @default - the stack creates a table if the policy has windows
   */
  readonly existingGuardTable?: string
  /**
   * Whether the stack has the functions that sign but don't send.
   *
   * @default true
   */
  readonly signers?: boolean
  /**
   * Whether the stack has the functions and the table for sending.
   *
   * @default - true with `rpcUrl`, and for network `local`
   */
  readonly sender?: boolean
  /**
   * Access to Amazon Managed Blockchain, which ends on 29 September 2027.
   *
   * @default false
   */
  readonly managedBlockchain?: boolean
}
