import type { Principal } from '@keyward/iam/policy'
import { Principals } from '@keyward/iam/principals'
import {
  optionalFlag,
  optionalStructures,
  optionalText,
  optionalTexts,
  type QueryInput,
  requiredText,
} from '../protocol/awsQuery.js'
import { AwsError } from '../protocol/Service.js'
import { isObject, type JsonObject } from '../template/Json.js'
import type { StackSource } from '../template/StackState.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { validation } from './errors.js'
import { type ReadTemplate, readTemplate } from './readTemplate.js'

/**
 * Options that the home doesn't support. If it ignored them, it would seem to
 * support them.
 */
const refused = [
  'NotificationARNs',
  'ResourceTypes',
  'StackPolicyBody',
  'StackPolicyURL',
]

/**
 * Reads, from a request, the source of a deployment and the role to deploy
 * with.
 *
 * @param before - The stack's current source.
 * @throws AwsError ValidationError, AccessDenied,
 * InsufficientCapabilitiesException
 */
export function readSource(
  context: CloudFormationContext,
  principal: Principal,
  input: QueryInput,
  before: StackSource | undefined,
): { source: StackSource; template: JsonObject } {
  for (const name of refused)
    if (input[name] !== undefined && input[name] !== '')
      throw validation(`The local home doesn't support ${name}. Leave it out.`)
  const { text, template } = chooseTemplate(context, principal, input, before)
  const capabilities = optionalTexts(input, 'Capabilities')
  assertCapabilities(template, capabilities)
  const tags = readTags(input)
  const { Description } = template
  const disableRollback = optionalFlag(input, 'DisableRollback') === true
  return {
    template,
    source: {
      templateText: text,
      ...(typeof Description === 'string' && { description: Description }),
      parameters: readParameters(input, template, before),
      tags: input.Tags === undefined ? (before?.tags ?? []) : tags,
      capabilities,
      notificationArns: [],
      ...readDeployer(
        context,
        principal,
        optionalText(input, 'RoleARN'),
        before,
      ),
      ...(disableRollback && { disableRollback }),
    },
  }
}

function readTags(input: QueryInput): { Key: string; Value: string }[] {
  const tags = optionalStructures(input, 'Tags')
  if (tags.length > 50)
    throw validation(
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    )
  return tags.map((tag, index) => {
    const Value = optionalText(tag, 'Value') ?? ''
    if (Value === '')
      throw validation(
        `1 validation error detected: Value '' at 'tags.${index + 1}.member.value' failed to satisfy constraint: Member must have length greater than or equal to 1`,
      )
    return { Key: requiredText(tag, 'Key'), Value }
  })
}

function chooseTemplate(
  context: CloudFormationContext,
  principal: Principal,
  input: QueryInput,
  before: StackSource | undefined,
): ReadTemplate {
  const given = readTemplate(context, principal, input)
  if (optionalFlag(input, 'UsePreviousTemplate') === true) {
    if (given || !before)
      throw validation(
        given
          ? 'You cannot specify both usePreviousTemplate and Template Body/Template URL.'
          : 'There is no previous template to use.',
      )
    const text = before.templateText
    return { text, template: JSON.parse(text) as JsonObject }
  }
  if (given) return given
  throw validation('Either Template URL or Template Body must be specified.')
}

function readParameters(
  input: QueryInput,
  template: JsonObject,
  before: StackSource | undefined,
): Record<string, string> {
  const declared = isObject(template.Parameters) ? template.Parameters : {}
  const result: Record<string, string> = {}
  for (const each of optionalStructures(input, 'Parameters')) {
    const name = requiredText(each, 'ParameterKey')
    if (!Object.hasOwn(declared, name))
      throw validation(`Parameters: [${name}] do not exist in the template`)
    const value = optionalText(each, 'ParameterValue')
    if (optionalFlag(each, 'UsePreviousValue') === true) {
      const previous = before?.parameters[name]
      if (value !== undefined)
        throw validation(
          `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
        )
      if (previous !== undefined) result[name] = previous
    } else if (value !== undefined) result[name] = value
  }
  const missing = Object.entries(declared)
    .filter(
      ([name, each]) =>
        !Object.hasOwn(result, name) &&
        !(isObject(each) && each.Default !== undefined),
    )
    .map(([name]) => name)
  if (missing.length > 0)
    throw validation(`Parameters: [${missing.join(', ')}] must have values`)
  return result
}

/**
 * The principal that creates the resources: the passed role, the stack's role,
 * or the caller.
 */
export function readDeployer(
  context: CloudFormationContext,
  principal: Principal,
  roleArn: string | undefined,
  before: StackSource | undefined,
): Pick<StackSource, 'deployer' | 'roleArn'> {
  if (roleArn === undefined) {
    const { roleArn: kept, deployer } = before ?? {}
    return kept !== undefined && deployer
      ? { roleArn: kept, deployer }
      : { deployer: principal }
  }
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]+$/.test(roleArn))
    throw validation(
      `1 validation error detected: Value '${roleArn.slice(0, 80)}' at 'roleARN' failed to satisfy constraint: it is not the ARN of a role`,
    )
  context.authorize({
    principal,
    action: 'iam:PassRole',
    resource: roleArn,
    context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
  })
  assertTrusted(context, roleArn)
  return {
    roleArn,
    deployer: {
      arn: Principals.toSessionArn(roleArn, 'AWSCloudFormation'),
      account: context.accountId,
      roleArn,
    },
  }
}

function assertTrusted(context: CloudFormationContext, roleArn: string): void {
  const service = 'cloudformation.amazonaws.com'
  try {
    context.authorize({
      principal: { arn: service, account: context.accountId, service },
      action: 'sts:AssumeRole',
      resource: roleArn,
      resourcePolicy: JSON.stringify(context.trustPolicyOf(roleArn) ?? {}),
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw validation(`Role ${roleArn} is invalid or cannot be assumed`)
  }
}

/** The caller must acknowledge that a template grants permissions. */
function assertCapabilities(
  template: JsonObject,
  capabilities: readonly string[],
): void {
  const needed = neededCapability(template)
  if (needed === undefined || capabilities.includes('CAPABILITY_NAMED_IAM'))
    return
  if (needed === 'CAPABILITY_IAM' && capabilities.includes(needed)) return
  throw new AwsError(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${needed}]`,
  )
}

/** The smallest capability that a template's IAM resources need. */
export function neededCapability(template: JsonObject): string | undefined {
  const resources = isObject(template.Resources) ? template.Resources : {}
  const iam = Object.values(resources).filter(
    (each) => isObject(each) && String(each.Type).startsWith('AWS::IAM::'),
  ) as JsonObject[]
  if (iam.length === 0) return undefined
  const isNamed = iam.some(
    ({ Properties }) =>
      isObject(Properties) &&
      ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName'].some((name) =>
        Object.hasOwn(Properties, name),
      ),
  )
  return isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'
}
