import type { Operation } from '../CloudFormationContext.js'
import { authorizeStack } from '../findStack.js'
import { paginate } from '../paginate.js'
import { toText } from '../toWire.js'

export const ListExports: Operation = (context, input, { principal }) => {
  authorizeStack(context, principal, 'ListExports', undefined)
  const all = context.store.list().flatMap(({ id, outputs }) =>
    Object.values(outputs).flatMap(({ exportName, value }) =>
      exportName === undefined
        ? []
        : {
            ExportingStackId: id,
            Name: exportName,
            Value: toText(value),
          },
    ),
  )
  const { page, NextToken } = paginate(input, all)
  return { Exports: page, NextToken }
}
