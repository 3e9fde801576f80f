import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { SigningFunction } from './SigningFunction.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'

/** Properties of a {@link SignerFunction}. */
export interface SignerFunctionProps extends SigningFunctionProps {
  /** Which of the two functions. */
  readonly kind: 'eip1559-signer' | 'legacy-signer'
}

/**
 * A Lambda function that signs transactions of one kind with one key, as a
 * role of its own that can do nothing else and signs from nowhere else.
 */
export class SignerFunction extends SigningFunction {
  constructor(scope: Construct, id: string, props: SignerFunctionProps) {
    super(scope, id, props, {
      kind: props.kind,
      description: `Signs ${props.kind === 'legacy-signer' ? 'legacy' : 'EIP-1559'} transactions`,
      timeout: Duration.seconds(30),
      isGuarded: true,
    })
  }
}
