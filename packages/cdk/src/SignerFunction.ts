import type { SignerKind } from '@keyward/iam/functions'
import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { SigningFunction } from './SigningFunction.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'

/** Properties of a {@link SignerFunction}. */
export interface SignerFunctionProps extends SigningFunctionProps {
  /** The kind of function; `message-signer` needs a policy. */
  readonly kind: SignerKind
}

const signs: Record<SignerKind, string> = {
  'eip1559-signer': 'EIP-1559 transactions',
  'legacy-signer': 'legacy transactions',
  'message-signer': 'messages, typed data and authorizations',
}

/**
 * A Lambda function that signs requests of one kind with one key. Its own role
 * can do nothing else, and can sign only from this function.
 */
export class SignerFunction extends SigningFunction {
  constructor(scope: Construct, id: string, props: SignerFunctionProps) {
    if (props.kind === 'message-signer' && props.policy === undefined)
      throw new Error(
        'policy: missing. A message-signer needs a policy, because nothing ' +
          'else can limit what messages and typed data allow.',
      )
    super(scope, id, props, {
      kind: props.kind,
      description: `Signs ${signs[props.kind]}`,
      timeout: Duration.seconds(30),
      isGuarded: true,
    })
  }
}
