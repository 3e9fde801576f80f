import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { root } from '../support/runCli.js'
import { without } from '../support/tools.js'

// docs/guides/deploy.md, typed as it stands.

// Each deployment synthesises anew, which takes a slow machine its time.
describe.skipIf(without('aws'))('deploy.md', { timeout: 400_000 }, () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  beforeAll(async () => {
    guide = await openGuide(['--no-chain'])
  })
  afterAll(() => guide.close())

  test('with the AWS CLI: a key, functions for it, and nobody else signs', async () => {
    const shown = await guide.follow({
      guide: 'deploy',
      heading: 'With the AWS CLI',
      // Its files go to a folder of the test's, as if that were the checkout.
      before: `ln -s '${root}/packages' '${guide.folder}/packages'; cd '${guide.folder}'`,
      after: `aws lambda invoke --function-name "$name-eip1559-signer:payouts" \\
          --cli-binary-format raw-in-base64-out --payload '{
            "operation": "sign", "nonce": 0, "amount": "0.1",
            "dst_address": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "max_fee_per_gas": 2000000000,
            "max_priority_fee_per_gas": 1000000000 }' signed.json
        cat signed.json; echo "address=$address"`,
    })
    const address = /address=(0x\w{40})/.exec(shown)?.[1]
    expect(shown).toContain(`"eth_checksum_address":"${address}"`)
    expect(shown).toContain('(AccessDeniedException)')
    expect(shown).toContain('You may not, as it should be.')
    expect(shown).toContain('"signed_tx_hash":"0x')
    expect(shown).toContain(`"from":"${address}"`)
  })
})
