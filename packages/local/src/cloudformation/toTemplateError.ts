import type { AwsError } from '../protocol/Service.js'
import type { JsonObject } from '../template/Json.js'
import { isObject } from '../template/Json.js'
import { resourceTypes } from '../template/resources/types.js'
import { StackError } from '../template/StackError.js'
import { validation } from './errors.js'

/**
 * The error with which CloudFormation refuses a template immediately; undefined
 * for problems that only make a change set fail.
 */
export function toTemplateError(
  error: unknown,
  template: JsonObject,
): AwsError | undefined {
  if (!(error instanceof StackError)) return undefined
  const problems = error.problems.join(' ')
  if (error.code === 'template-invalid')
    return validation(`Template error: ${problems}`)
  if (error.code === 'assembly-invalid') return validation(problems)
  if (error.code !== 'resource-unsupported') return undefined
  const resources = isObject(template.Resources) ? template.Resources : {}
  const unknown = Object.values(resources)
    .map((each) => (isObject(each) ? String(each.Type) : ''))
    .filter((type) => !resourceTypes.has(type))
  return validation(
    `Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(', ')}]. ${problems}`,
  )
}
