import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms'

/** A client of the SDK for a home, by what `keyward env` says. */
export function connectKms(
  env: Readonly<Record<string, string>>,
  options: Pick<KMSClientConfig, 'maxAttempts'> = {},
): KMSClient {
  return new KMSClient({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: env.AWS_REGION ?? '',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
    ...options,
  })
}
