import type { JsonObject } from './Json.js'
import type { Place } from './ResourceType.js'
import { functionName } from './resources/lambdaParts.js'
import { resourceTypes } from './resources/types.js'

/**
 * The name of the function that is affected when a resource is created or
 * changed.
 */
export function touchedFunction(
  typeName: string,
  properties: JsonObject,
  place: Place,
): string | undefined {
  if (!typeName.startsWith('AWS::Lambda::')) return undefined
  if (typeName === 'AWS::Lambda::Function')
    return resourceTypes.get(typeName)?.identify(properties, place).physicalId
  const { FunctionName } = properties
  return typeof FunctionName === 'string'
    ? functionName(FunctionName, place).name
    : undefined
}
