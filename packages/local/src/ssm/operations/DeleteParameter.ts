import { findParameter } from '../findParameter.js'
import { invalid } from '../ParameterName.js'
import type { SsmOperation } from '../SsmContext.js'

export const DeleteParameter: SsmOperation = (context, { Name }, principal) => {
  const { parameter } = findParameter(
    context,
    Name,
    principal,
    'DeleteParameter',
  )
  const { name } = parameter
  if (context.parameters.isFixed(name))
    throw invalid(`The parameter ${name} is read-only in the local home.`)
  context.parameters.remove(name)
  return {}
}
