import { readFile } from 'node:fs/promises'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { createKmsClient } from '@keyward/core/kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { soak } from '../support/tools.js'

const signatures = soak ? 200_000 : 10_000
const inFlight = 8
/** What the heap and the allocator may still grow by after warm-up. */
const slackMb = 40

let home: RunningHome
beforeAll(async () => {
  home = await startLocalHome({ args: ['--no-chain'] })
})
afterAll(() => home.close())

async function rssMb(): Promise<number> {
  const status = await readFile(`/proc/${home.child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

// It reads /proc, which only Linux has; CI is Linux.
test.runIf(process.platform === 'linux')(
  `the memory of the local KMS stays flat over ${signatures} signatures`,
  async () => {
    const env = await home.env('operator')
    const credentials = {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    }
    const shared = { endpoint: home.ready.endpoint, region: 'us-east-1' }
    const { KeyMetadata } = await new KMSClient({
      ...shared,
      credentials,
    }).send(
      new CreateKeyCommand({
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
      }),
    )
    const service = createKmsClient({ ...shared, credentials })
    const digest = new Uint8Array(32).fill(7)
    const sign = async (count: number) => {
      let left = count
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          while (left-- > 0)
            await service.signDigest(KeyMetadata?.Arn ?? '', digest)
        }),
      )
    }
    await sign(signatures / 5)
    const early = await rssMb()
    const start = performance.now()
    await sign((signatures * 4) / 5)
    const seconds = (performance.now() - start) / 1000
    const late = await rssMb()
    const rate = (signatures * 4) / 5 / seconds
    process.stdout.write(
      `${signatures} signatures: ${rate.toFixed(0)}/s, RSS ${early.toFixed(0)} MB after a fifth, ${late.toFixed(0)} MB at the end\n`,
    )
    expect(late).toBeLessThan(early + slackMb)
  },
  900_000,
)
