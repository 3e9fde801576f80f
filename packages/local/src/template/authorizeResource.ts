import type { JsonObject } from './Json.js'
import type { Identity, Place } from './ResourceType.js'
import { functionName } from './resources/lambdaParts.js'

type Verb = 'make' | 'update' | 'remove'

/**
 * The permissions that the deployer needs for resources whose service is not
 * called on the deployer's behalf. Keys, tables and log groups check this
 * themselves.
 */
const actions: Readonly<Record<string, Readonly<Record<Verb, string>>>> = {
  'AWS::IAM::Policy': {
    make: 'iam:PutRolePolicy',
    update: 'iam:PutRolePolicy',
    remove: 'iam:DeleteRolePolicy',
  },
  'AWS::IAM::Role': {
    make: 'iam:CreateRole',
    update: 'iam:UpdateRole',
    remove: 'iam:DeleteRole',
  },
  'AWS::Lambda::Alias': {
    make: 'lambda:CreateAlias',
    update: 'lambda:UpdateAlias',
    remove: 'lambda:DeleteAlias',
  },
  'AWS::Lambda::EventInvokeConfig': {
    make: 'lambda:PutFunctionEventInvokeConfig',
    update: 'lambda:PutFunctionEventInvokeConfig',
    remove: 'lambda:DeleteFunctionEventInvokeConfig',
  },
  'AWS::Lambda::Function': {
    make: 'lambda:CreateFunction',
    update: 'lambda:UpdateFunctionConfiguration',
    remove: 'lambda:DeleteFunction',
  },
  'AWS::Lambda::Permission': {
    make: 'lambda:AddPermission',
    update: 'lambda:AddPermission',
    remove: 'lambda:RemovePermission',
  },
  'AWS::Lambda::Version': {
    make: 'lambda:PublishVersion',
    update: 'lambda:PublishVersion',
    remove: 'lambda:DeleteFunction',
  },
}

/**
 * Checks that the deployer is allowed to do this, because a template doesn't
 * give anyone new permissions.
 *
 * @throws AwsError AccessDeniedException
 */
export function authorizeResource(
  verb: Verb,
  typeName: string,
  resource: {
    properties: JsonObject
    /** For an update, the previous properties are given as well. */
    identity: Identity & { properties?: JsonObject }
  },
  place: Place,
): void {
  const action = Object.hasOwn(actions, typeName)
    ? actions[typeName]?.[verb]
    : undefined
  if (action === undefined) return
  const { authorize, deployer: principal } = place.home
  for (const arn of resourcesOf(typeName, resource, place))
    authorize({ principal, action, resource: arn })
  const { Role } = resource.properties
  const isPassed =
    verb !== 'remove' && resource.identity.properties?.Role !== Role
  if (isPassed && typeName === 'AWS::Lambda::Function')
    authorize({
      principal,
      action: 'iam:PassRole',
      resource: String(Role),
      context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    })
}

function resourcesOf(
  typeName: string,
  { properties, identity }: { properties: JsonObject; identity: Identity },
  place: Place,
): string[] {
  const { FunctionName, Roles } = properties
  if (typeName === 'AWS::IAM::Policy')
    return (Array.isArray(Roles) ? Roles : []).map(
      (name) => `arn:aws:iam::${place.home.accountId}:role/${name}`,
    )
  const { Arn } = identity.attributes
  return Arn === undefined
    ? [functionName(String(FunctionName), place).arn]
    : [Arn]
}
