import * as Template from '../../template/Template.js'
import type { Operation } from '../CloudFormationContext.js'
import { validation } from '../errors.js'
import { authorizeStack } from '../findStack.js'
import { readTemplate } from '../readTemplate.js'
import { toTemplateError } from '../toTemplateError.js'
import { describeTemplate } from './GetTemplateSummary.js'

export const ValidateTemplate: Operation = (context, input, { principal }) => {
  authorizeStack(context, principal, 'ValidateTemplate', undefined)
  const read = readTemplate(context, principal, input)
  if (!read)
    throw validation('Either Template URL or Template Body must be specified.')
  try {
    Template.fromValue(read.template)
  } catch (error) {
    throw toTemplateError(error, read.template) ?? error
  }
  return describeTemplate(read.template)
}
