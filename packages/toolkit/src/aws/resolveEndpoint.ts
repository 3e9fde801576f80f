import type { KMSClient } from '@aws-sdk/client-kms'

/**
 * The endpoint to which a client would send its requests. The SDK builds a
 * request, which is stopped before it is signed. The result honors the
 * environment, the profile, FIPS and anything the SDK adds later, without
 * copying its rules.
 */
export async function resolveEndpoint(client: KMSClient): Promise<URL> {
  const { ListKeysCommand } = await import('@aws-sdk/client-kms')
  const command = new ListKeysCommand({})
  let url: URL | undefined
  command.middlewareStack.add(
    (_next) => async (args) => {
      const { protocol, hostname, port } = args.request as {
        protocol: string
        hostname: string
        port?: number
      }
      url = new URL(
        `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`,
      )
      return { output: { $metadata: {} }, response: undefined }
    },
    { step: 'build', name: 'stopBeforeSigning', priority: 'high' },
  )
  await client.send(command)
  if (url === undefined) throw new Error('The AWS SDK did not build a request.')
  return url
}
