import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followGuide } from '../support/followGuide.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCli } from '../support/runCli.js'
import { sendHttp } from '../support/sendHttp.js'
import { key, startProvider } from '../support/startProvider.js'
import { without } from '../support/tools.js'

// What sending.md says about the command line, typed as it stands.

describe.skipIf(without('aws'))('sending.md', () => {
  let home: RunningHome
  let folder: string
  let provider: Awaited<ReturnType<typeof startProvider>>
  beforeAll(async () => {
    home = await startLocalHome()
    folder = await mkdtemp(join(tmpdir(), 'keyward sending guide '))
    provider = await startProvider(() => home.ready.rpcUrl ?? '')
  })
  afterAll(async () => {
    await home.close()
    await provider.close()
    await rm(folder, { recursive: true, force: true })
  })

  const follow = async (heading: string, env: Record<string, string> = {}) => {
    const { code, shown } = await followGuide({
      ...{ guide: 'sending', heading, home, folder, env },
    })
    expect(code, shown).toBe(0)
    return shown
  }
  async function fund(address: string) {
    const url = home.ready.rpcUrl ?? ''
    const { body } = await sendHttp(url, {
      headers: { 'content-type': 'application/json', host: new URL(url).host },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'anvil_setBalance' },
        params: [address, `0x${(10n ** 18n).toString(16)}`],
      }),
    })
    expect(JSON.parse(body)).toHaveProperty('result')
  }
  /** An address in what a command showed. */
  const addressIn = (shown: string) =>
    /^address +(0x[0-9a-fA-F]{40})/m.exec(shown)?.[1] ?? ''

  test('from the command line', async () => {
    await fund(home.key.address)
    const shown = await follow('From the command line')
    expect(shown).toContain('keyward-dev can send.')
    expect(shown).toMatch(/status +mined in block 1/)
  }, 60_000)

  test('without a stack', async () => {
    await fund(addressIn(await follow('A key and its ledger')))
    const shown = await follow('Send and look')
    expect(shown).toMatch(/status +mined in block \d/)
    expect(shown).toMatch(/ sent +[0-9a-f]{40} +0 {2}0\.1 /)
  }, 120_000)

  test('with the endpoint as a secret', async () => {
    const shown = await follow('The endpoint as a secret', {
      PROVIDER_URL: provider.url,
    })
    const address = addressIn(shown)
    await fund(address)
    const env = await home.env()
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
    expect(JSON.parse(sent.stdout)).toMatchObject({ status: 'sent', nonce: 0 })
    expect(provider.count()).toBeGreaterThan(before)
    const said = [shown, doctor, sent, home.stderr()].map((each) =>
      JSON.stringify(each),
    )
    expect(said.map((each) => each.includes(key))).toEqual([
      ...[false, false, false, false],
    ])
  }, 180_000)
})
