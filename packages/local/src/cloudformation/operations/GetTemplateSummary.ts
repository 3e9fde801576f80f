import { optionalText } from '../../protocol/awsQuery.js'
import { isObject, type JsonObject } from '../../template/Json.js'
import type {
  CloudFormationContext,
  Operation,
} from '../CloudFormationContext.js'
import { noStackWithId, validation } from '../errors.js'
import { authorizeStack, lookUpStack } from '../findStack.js'
import { neededCapability } from '../readSource.js'
import { readTemplate } from '../readTemplate.js'
import { toText } from '../toWire.js'

export const GetTemplateSummary: Operation = (
  context,
  input,
  { principal },
) => {
  const stackName = optionalText(input, 'StackName')
  authorizeStack(context, principal, 'GetTemplateSummary', stackName)
  const template =
    readTemplate(context, principal, input)?.template ??
    ofStack(context, stackName)
  const resources = isObject(template.Resources) ? template.Resources : {}
  const types = Object.values(resources).map((each) =>
    isObject(each) ? String(each.Type) : '',
  )
  return {
    ...describeTemplate(template),
    ResourceTypes: [...new Set(types)],
    Version: '2010-09-09',
  }
}

function ofStack(
  context: CloudFormationContext,
  stackName: string | undefined,
): JsonObject {
  if (stackName === undefined)
    throw validation('Either Template URL or Template Body must be specified.')
  const text = lookUpStack(context, stackName)?.source?.templateText
  if (text === undefined) throw noStackWithId(stackName)
  return JSON.parse(text) as JsonObject
}

/** The parts that this and ValidateTemplate both return. */
export function describeTemplate(template: JsonObject) {
  const declared = isObject(template.Parameters) ? template.Parameters : {}
  const capability = neededCapability(template)
  const types = 'The following resource(s) require capabilities: '
  return {
    Parameters: Object.entries(declared).map(([name, each]) => {
      const { Default, NoEcho, Type, Description } = isObject(each) ? each : {}
      return {
        ParameterKey: name,
        DefaultValue: Default === undefined ? undefined : toText(Default),
        ParameterType: String(Type),
        NoEcho: NoEcho === true || NoEcho === 'true',
        Description: typeof Description === 'string' ? Description : undefined,
      }
    }),
    Description:
      typeof template.Description === 'string'
        ? template.Description
        : undefined,
    Capabilities: capability === undefined ? undefined : [capability],
    CapabilitiesReason:
      capability === undefined ? undefined : `${types}[AWS::IAM]`,
  }
}
