import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followGuide } from '../support/followGuide.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { root } from '../support/runCli.js'
import { without } from '../support/tools.js'

// docs/guides/deploy.md, typed as it stands.

// Each deployment synthesises anew, which takes a slow machine its time.
describe.skipIf(without('aws'))('deploy.md', { timeout: 400_000 }, () => {
  let home: RunningHome
  let folder: string
  beforeAll(async () => {
    home = await startLocalHome({ args: ['--no-chain'] })
    folder = await mkdtemp(join(tmpdir(), 'keyward deploy '))
  })
  afterAll(async () => {
    await home.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('by one command: a stack that is pinned, and who may call it', async () => {
    const { code, shown } = await followGuide({
      guide: 'deploy',
      heading: 'By one command',
      home,
      folder,
      before: `cd '${folder}'`,
    })
    expect(code, shown).toBe(0)
    const [, address] = /^pin +(0x\w{40})/m.exec(shown) ?? []
    expect(shown).toMatch(
      new RegExp(`^address +${address}  \\(asked of KMS`, 'm'),
    )
    expect(shown).toContain(`"eth_checksum_address":"${address}"`)
    expect(shown).toMatch(/~ modify .* orders-eip1559-signer .*Environment/)
    expect(shown).toContain('would change. Nothing was done.')
  })

  test('by the AWS CLI: a key, functions for it, and nobody else signs', async () => {
    const { code, shown } = await followGuide({
      guide: 'deploy',
      heading: 'By the AWS CLI',
      home,
      folder,
      // Its files go to a folder of the test's, as if that were the checkout.
      before: `ln -s '${root}/packages' '${folder}/packages'; cd '${folder}'`,
      after: `aws lambda invoke --function-name "$name-eip1559-signer:payouts" \\
          --cli-binary-format raw-in-base64-out --payload '{
            "operation": "sign", "nonce": 0, "amount": "0.1",
            "dst_address": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "max_fee_per_gas": 2000000000,
            "max_priority_fee_per_gas": 1000000000 }' signed.json
        cat signed.json; echo "address=$address"`,
    })
    expect(code, shown).toBe(0)
    const address = /address=(0x\w{40})/.exec(shown)?.[1]
    expect(shown).toContain(`"eth_checksum_address":"${address}"`)
    expect(shown).toContain('(AccessDeniedException)')
    expect(shown).toContain('You may not, as it should be.')
    expect(shown).toContain('"signed_tx_hash":"0x')
    expect(shown).toContain(`"from":"${address}"`)
  })
})
