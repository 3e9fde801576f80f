import { AwsError } from '../../protocol/Service.js'
import { toFunctionArn } from '../FunctionName.js'
import { getEntry, onFunction } from '../readRequest.js'
import { toJsonResponse } from '../toWire.js'

/**
 * Returns the settings for failed asynchronous invocations, if there are any.
 */
export const GetFunctionEventInvokeConfig = onFunction(
  'lambda:GetFunctionEventInvokeConfig',
  ({ context, called }) => {
    const entry = getEntry(context, called)
    const { qualifier = '$LATEST' } = called
    const arn = toFunctionArn(context, called.name, qualifier)
    const ofAll = entry.maximumRetryAttempts
    const attempts =
      entry.retryAttemptsOf?.[qualifier] ??
      (qualifier === '$LATEST' && ofAll !== 2 ? ofAll : undefined)
    if (attempts === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        `The function ${arn} doesn't have an EventInvokeConfig`,
        404,
      )
    return toJsonResponse({
      LastModified: entry.latest.lastModified / 1000,
      FunctionArn: arn,
      MaximumRetryAttempts: attempts,
      DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    })
  },
)
