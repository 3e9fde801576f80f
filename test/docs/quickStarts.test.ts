import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openGuide } from '../support/openGuide.js'
import { soak, without } from '../support/tools.js'

// The quick starts, typed as they stand, each from its own first line.

type Guide = Awaited<ReturnType<typeof openGuide>>
const run = promisify(execFile)

describe.skipIf(without('aws'))('on the home and its stack', () => {
  let opened: Guide
  beforeAll(async () => {
    opened = await openGuide()
  })
  afterAll(() => opened.close())

  test('quickstart-local.md', async () => {
    const guide = '../quickstart-local'
    // Each command is a start of Node: npm test types the first and last part.
    const shown = soak
      ? await opened.follow({ guide })
      : (await opened.follow({ guide, heading: 'Send a payment' })) +
        (await opened.follow({
          ...{ guide, heading: 'Check and freeze the stack' },
          before: 'eval "$(npx --no-install keyward env)"',
        }))
    expect(shown).toMatch(/status +mined in block 1\r?\n/)
    expect(shown).toMatch(
      /This transaction was already sent at \d\d:\d\d\. Nothing new was signed/,
    )
    expect(shown).toMatch(/ mined +order-1 +0 {2}0\.1\s/)
    expect(shown).toContain('keyward-dev can send.')
    expect(shown).toContain('signs again.')
    if (!soak) return
    expect(shown).toMatch(/status +mined[\s\S]+attempt 0[\s\S]+attempt 1/)
    expect(shown).toMatch(
      new RegExp(`${opened.home.key.address} 0x[0-9a-f]{130}`),
    )
    expect(shown).toMatch(/approval-for-all[\s\S]*`NotAuthorizedError`/)
  })

  test('functions.md', async () => {
    const guide = '../functions'
    const signed = await opened.follow({
      ...{ guide, heading: 'Sign with the AWS CLI' },
    })
    expect(signed).toMatch(/"signed_tx_payload":"0x02[0-9a-f]+"/)
    // Each call of aws takes a second, most of it Python's start.
    if (!soak) return
    const sent = await opened.follow({
      ...{ guide, heading: 'Send with the AWS CLI' },
    })
    expect(sent).toMatch(/"transaction_id":"[0-9a-f]{40}"/)
    expect(sent).toContain('"status":"sent"')
  })

  test.runIf(soak)('foundry-hardhat.md: cast', async () => {
    const shown = await opened.follow({ guide: '../foundry-hardhat' })
    // Of a key of its own, which no stack sends from.
    const [, address] = /address +(0x\w{40})/.exec(shown) ?? []
    expect(address).not.toBe(opened.home.key.address)
    expect(shown.split(String(address)).length).toBeGreaterThan(3)
    expect(shown).toMatch(/status +1 \(success\)/)
  })

  test.each(soak ? ['Node', 'curl', 'Python'] : ['Node'])(
    'from-your-backend.md: %s',
    async (heading) => {
      const found = await run('python3', [
        ...['-c', 'import boto3, sys; print(sys.executable)'],
      ]).catch(() => undefined)
      // Without boto3 the program is read by Python, and not run.
      const parsed = 'python3 -c "import ast,sys; ast.parse(sys.stdin.read())"'
      const python = found
        ? `'${found.stdout.trim()}' "$@"`
        : `command ${parsed}`
      const where = {
        guide: '../from-your-backend',
        before: `python3() { ${python}; }`,
      }
      const env = await opened.home.env()
      const shown = await opened.follow({
        ...{ ...where, heading },
        env: { ...env, SENDER: 'keyward-dev-sender' },
      })
      if (heading === 'curl') expect(shown).toMatch(/"status":"sent"/)
      else if (heading === 'Node' || found) {
        expect(shown).toMatch(/^sent 0x[0-9a-f]{64}/m)
        expect(shown).toMatch(/same transaction: true/i)
      }
    },
  )
})
