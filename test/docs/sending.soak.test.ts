import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveEther } from '../support/giveEther.js'
import { openGuide } from '../support/openGuide.js'
import { runCli } from '../support/runCli.js'
import { key, startProvider } from '../support/startProvider.js'
import { without } from '../support/tools.js'

// What sending.md says, typed as it stands. npm test types the quick start,
// which sends in the same way.

describe.skipIf(without('aws'))('sending.md', () => {
  let guide: Awaited<ReturnType<typeof openGuide>>
  let provider: Awaited<ReturnType<typeof startProvider>>
  beforeAll(async () => {
    guide = await openGuide()
    provider = await startProvider(rpcUrl)
  })
  afterAll(async () => {
    await guide.close()
    await provider.close()
  })

  const rpcUrl = () => guide.home.ready.rpcUrl ?? ''
  const follow = (heading: string, env: Record<string, string> = {}) =>
    guide.follow({ guide: 'sending', heading, env })
  const fund = (address: string) => giveEther(rpcUrl(), address)
  /** An address in what a command showed. */
  const addressIn = (shown: string) =>
    /^address +(0x[0-9a-fA-F]{40})/m.exec(shown)?.[1] ?? ''

  test('from the command line', async () => {
    await fund(guide.home.key.address)
    const shown = await follow('From the command line')
    expect(shown).toContain('keyward-dev can send.')
    expect(shown).toMatch(/status +mined in block 1/)
  })

  test('without a stack', async () => {
    await fund(addressIn(await follow('A key and its ledger')))
    const shown = await follow('Send and check')
    expect(shown).toMatch(/status +mined in block \d/)
    expect(shown).toMatch(/ mined +order-17 +0 {2}0\.1\s/)
  }, 120_000)

  test('with the endpoint as a secret', async () => {
    const shown = await follow('The endpoint as a secret', {
      PROVIDER_URL: provider.url,
    })
    const address = addressIn(shown)
    await fund(address)
    const env = await guide.home.env()
    const doctor = await runCli(['doctor', '--stack', 'treasury'], { env })
    expect(doctor.stdout).toContain('treasury can send.')
    const before = provider.count()
    const sent = await runCli(
      [
        ...['send', '--stack', 'treasury', '--value-wei', '7', '--no-wait'],
        ...['--to', `0x${'5a'.repeat(20)}`, '--json'],
      ],
      { env },
    )
    expect(JSON.parse(sent.stdout)).toMatchObject({
      status: expect.stringMatching(/^(sent|mined)$/),
      nonce: 0,
    })
    expect(provider.count()).toBeGreaterThan(before)
    const said = [shown, doctor, sent, guide.home.stderr()].map((each) =>
      JSON.stringify(each),
    )
    expect(said.map((each) => each.includes(key))).toEqual([
      ...[false, false, false, false],
    ])
  }, 180_000)
})
