/** What the functions use of Lambda's context. */
export type Context = {
  awsRequestId: string
  invokedFunctionArn: string
  getRemainingTimeInMillis(): number
}
