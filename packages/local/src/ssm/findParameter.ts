import type { Principal } from '@keyward/iam/policy'
import { AwsError } from '../protocol/Service.js'
import type { Parameter, Version } from './createParameterStore.js'
import * as ParameterName from './ParameterName.js'
import type { SsmContext } from './SsmContext.js'

export type Found = {
  parameter: Parameter
  version: Version
  selector: string | undefined
}

/**
 * Finds the parameter that a caller names, with its newest version or the
 * requested one. Checks the policies before revealing whether it exists.
 *
 * @throws AwsError AccessDeniedException, ParameterNotFound,
 * ParameterVersionNotFound, ValidationException
 */
export function findParameter(
  context: SsmContext,
  input: unknown,
  principal: Principal,
  action: string,
): Found {
  const { arn, names, selector } = ParameterName.read(context, input)
  context.authorize({ principal, action: `ssm:${action}`, resource: arn })
  const parameter = names
    .map((name) => context.parameters.get(name))
    .find((found) => found !== undefined)
  if (parameter === undefined) throw new AwsError('ParameterNotFound')
  const wanted = selector?.slice(1)
  const version =
    wanted === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find((each) => String(each.version) === wanted)
  if (version) return { parameter, version, selector }
  throw new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${wanted?.slice(0, 80)} of ${parameter.name}. Verify the version and try again.`,
  )
}

/** A parameter in SSM's form. A SecureString is decrypted only on request. */
export function toAnswer(
  context: SsmContext,
  { parameter: { name }, version, selector }: Found,
  withDecryption: unknown,
) {
  const { type, value, sealed, changedAt } = version
  return {
    Name: name,
    Type: type,
    Value: withDecryption === true ? value : (sealed ?? value),
    Version: version.version,
    ...(selector !== undefined && { Selector: selector }),
    LastModifiedDate: changedAt / 1000,
    ARN: ParameterName.toArn(context, name),
    DataType: 'text',
  }
}
