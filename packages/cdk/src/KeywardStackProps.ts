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
    Partial<Omit<SigningKeyProps, 'alias' | 'description' | 'guardTableArn'>> {
  /**
   * Name of the key's alias, with `alias/`.
   *
   * @default - `alias/` and the name of the stack
   */
  readonly alias?: string
  /**
   * ARN of a key that exists: made in the console, imported, or kept from an
   * earlier stack. The stack then has functions only: `address` is required,
   * what is about making a key is refused, and the key's own policy must let
   * the functions' roles sign.
   *
   * @default - the stack makes a key
   */
  readonly existingKeyArn?: string
  /**
   * ARN of the SNS topic that is told of every change to who can sign.
   *
   * @default - nobody is told
   */
  readonly alarmTopicArn?: string
  /**
   * Beside a policy nobody but the functions may sign, unless this says so:
   * `users` sign around it.
   *
   * @default false
   */
  readonly unguardedUsers?: boolean
  /**
   * Name of the table in which an earlier stack of the same account counted the
   * policy's windows: without it they begin at 0, and the same can be spent
   * again.
   *
   * @default - the stack makes a table where the policy has windows
   */
  readonly existingGuardTable?: string
  /**
   * Whether the functions are there that sign and do not send.
   *
   * @default true
   */
  readonly signers?: boolean
  /**
   * Whether the functions and the table are there that send.
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
