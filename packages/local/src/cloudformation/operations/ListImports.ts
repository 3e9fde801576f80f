import { requiredText } from '../../protocol/awsQuery.js'
import type { Operation } from '../CloudFormationContext.js'
import { validation } from '../errors.js'
import { authorizeStack } from '../findStack.js'

/**
 * The local home doesn't support Fn::ImportValue, so nothing is ever imported.
 */
export const ListImports: Operation = (context, input, { principal }) => {
  authorizeStack(context, principal, 'ListImports', undefined)
  const name = requiredText(input, 'ExportName')
  throw validation(
    `Export '${name.slice(0, 255)}' is not imported by any stack.`,
  )
}
