import { createKmsClient } from '@keyward/core/kms'

const { endpoint, credentials, keyId } = JSON.parse(process.argv[2])
const service = createKmsClient({ endpoint, region: 'us-east-1', credentials })
const digest = new Uint8Array(32).fill(7)

async function run(count) {
  const start = performance.now()
  let left = count
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) await service.signDigest(keyId, digest)
    }),
  )
  return count / ((performance.now() - start) / 1000)
}

process.on('message', async () => {
  await run(500)
  process.send({ perSecond: await run(4000) })
})
process.send('ready')
