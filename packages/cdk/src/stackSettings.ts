import {
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  PermissionsBoundary,
  type StackProps,
} from 'aws-cdk-lib'
import { pairs, text } from './readSetting.js'

/** What the CDK knows by other names, or takes another way. */
export const stackSettings = {
  bootstrapQualifier: text,
  permissionsBoundary: boundary,
  tags: pairs,
} as const

/** @throws Error */
export function toStackProps(settings: Record<string, unknown>): StackProps {
  const { bootstrapQualifier, permissionsBoundary, tags } = settings as {
    bootstrapQualifier?: string
    permissionsBoundary?: string
    tags?: Record<string, string>
  }
  if (bootstrapQualifier && !/^[a-z0-9]{1,10}$/.test(bootstrapQualifier))
    throw new Error(
      'bootstrapQualifier: must be 1 to 10 letters in lower case and digits, as at cdk bootstrap.',
    )
  const isArn = permissionsBoundary?.startsWith('arn:')
  if (
    permissionsBoundary &&
    !/^(?:arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/)?[\w+=,.@/-]{1,512}$/.test(
      permissionsBoundary,
    )
  )
    throw new Error(
      'permissionsBoundary: must be the name or ARN of a managed policy.',
    )
  for (const [key, value] of Object.entries(tags ?? {}))
    if (
      !/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) ||
      value.length > 256
    )
      throw new Error(
        `tags: ${key.slice(0, 80)} is no tag. Allowed: keys of 1 to 128 letters, digits, spaces and _.:/=+-@, not aws:; values of up to 256 characters.`,
      )
  return {
    ...(bootstrapQualifier && {
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
        qualifier: bootstrapQualifier,
      }) as IStackSynthesizer,
    }),
    ...(permissionsBoundary && {
      permissionsBoundary: isArn
        ? PermissionsBoundary.fromArn(permissionsBoundary)
        : PermissionsBoundary.fromName(permissionsBoundary),
    }),
    ...(tags && { tags }),
  }
}

/** The CDK's own form of a boundary is an object with its name or ARN. */
function boundary(value: unknown, name: string): string {
  const { name: given, arn = given } = (value ?? {}) as Record<string, unknown>
  return text(typeof value === 'string' ? value : arn, name)
}
