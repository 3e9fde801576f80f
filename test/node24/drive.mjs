// Imports a function's bundle as Lambda does and prints its answers.
const [, , bundle = '', ...events] = process.argv
const { handler } = await import(bundle)
const context = {
  awsRequestId: '00000000-0000-0000-0000-000000000000',
  invokedFunctionArn:
    'arn:aws:lambda:us-east-1:000000000000:function:keyward-dev-signer',
  getRemainingTimeInMillis: () => 10_000,
}
const answers = []
for (const event of events)
  answers.push(await handler(JSON.parse(event), context))
process.stderr.write(
  JSON.stringify({ node: `${process.version} ${process.arch}`, answers }),
)
process.exit(0)
