import { AwsError } from '../../protocol/Service.js'
import { type Found, findParameter, toAnswer } from '../findParameter.js'
import { readNames } from '../readNames.js'
import type { SsmOperation } from '../SsmContext.js'

export const GetParameters: SsmOperation = (context, input, principal) => {
  const found = readNames(input).map((name) => {
    try {
      return findParameter(context, name, principal, 'GetParameters')
    } catch (error) {
      if (isMissing(error)) return name
      throw error
    }
  })
  return {
    Parameters: found
      .filter((each): each is Found => typeof each !== 'string')
      .map((each) => toAnswer(context, each, input.WithDecryption)),
    InvalidParameters: found.filter((each) => typeof each === 'string'),
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof AwsError &&
    /^Parameter(?:Version)?NotFound$/.test(error.type)
  )
}
