import {
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  PermissionsBoundary,
  type StackProps,
} from 'aws-cdk-lib'

/** Settings that the CDK knows by other names. */
export function toStackProps({
  bootstrapQualifier,
  permissionsBoundary,
  tags,
}: {
  bootstrapQualifier?: string
  permissionsBoundary?: string
  tags?: Record<string, string>
}): StackProps {
  return {
    ...(bootstrapQualifier && {
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
        qualifier: bootstrapQualifier,
      }) as IStackSynthesizer,
    }),
    ...(permissionsBoundary && {
      permissionsBoundary: permissionsBoundary.startsWith('arn:')
        ? PermissionsBoundary.fromArn(permissionsBoundary)
        : PermissionsBoundary.fromName(permissionsBoundary),
    }),
    ...(tags && { tags }),
  }
}
