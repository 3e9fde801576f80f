import { findParameter, toAnswer } from '../findParameter.js'
import type { SsmOperation } from '../SsmContext.js'

export const GetParameter: SsmOperation = (context, input, principal) => {
  const { Name, WithDecryption } = input
  const found = findParameter(context, Name, principal, 'GetParameter')
  return { Parameter: toAnswer(context, found, WithDecryption) }
}
