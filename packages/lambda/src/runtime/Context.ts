/** The part of Lambda's context that the functions use. */
export type Context = {
  awsRequestId: string
  invokedFunctionArn: string
  getRemainingTimeInMillis(): number
}
