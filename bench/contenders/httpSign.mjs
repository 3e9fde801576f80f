// The floor with KMS's work: one Sign request, signed in advance, is sent over
// and over. Waiting for KMS makes whatever runs after it slower, because other
// programs use the processor's caches meanwhile; the health check hides that.
import http from 'node:http'
import { KMSClient, SignCommand } from '@aws-sdk/client-kms'

export const name = 'floor: the Sign request, signed in advance'

export async function create({ endpoint, credentials, keyId }) {
  const { headers, body } = await prepare({ endpoint, credentials, keyId })
  const agent = new http.Agent({ keepAlive: true })
  const options = { method: 'POST', agent, headers }
  return () =>
    new Promise((resolve, reject) => {
      http
        .request(endpoint, options, (response) => {
          if (response.statusCode !== 200)
            reject(new Error(`KMS answered with ${response.statusCode}.`))
          response.resume().on('end', resolve)
        })
        .on('error', reject)
        .end(body)
    })
}

/** The request as the AWS SDK would send it; nothing is sent. */
async function prepare({ endpoint, credentials, keyId }) {
  let prepared
  const requestHandler = {
    async handle(request) {
      prepared = request
      throw new Error('not sent')
    },
  }
  const client = new KMSClient({
    ...{ endpoint, region: 'us-east-1', credentials },
    ...{ requestHandler, maxAttempts: 1 },
  })
  const command = new SignCommand({
    KeyId: keyId,
    Message: new Uint8Array(32).fill(7),
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_256',
  })
  await client.send(command).catch(() => {})
  return prepared
}
