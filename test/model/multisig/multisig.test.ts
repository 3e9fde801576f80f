import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { soak, without } from '../../support/tools.js'
import { checkModel } from '../slices.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const model = join(folder, 'multisig.pml')
const root = join(folder, '../../..')
const minutes = 60_000

const left = without('spin') || without('gcc')
if (left)
  console.error(
    '\n*** The model of the multisig was NOT run: spin or gcc was left out. ***\n',
  )

/** Each condition of a write on a proposal, and what fails without it. */
const conditions: Record<string, string> = {
  NO_CREATE: 'create: no row',
  NO_SIGNATURE_ABSENT: 'addSignature: none by this owner',
  NO_SIGNATURE_STATUS: 'addSignature: not rejected',
  NO_SIGNATURE_TIME: 'addSignature: not expired',
  NO_BEGIN_STATUS: 'beginExecution: not rejected',
  NO_BEGIN_TIME: 'beginExecution: not expired',
  NO_REJECT_OPEN: 'reject: early only from open',
  NO_REJECT_RETURNED: 'reject: goes by the row that it wrote',
  NO_KEY: 'the relayer takes each key once',
}

/** That the model finds faults; soak has all of them. */
const isRun = ([without]: [string, string]) => soak || without === 'NO_KEY'

describe.skipIf(left)('a proposal, in every order of its writes', () => {
  test('keeps what its callers were told', {
    timeout: 5 * minutes,
  }, async () => {
    const { violated, states } = await checkModel(model)
    expect(violated).toBeUndefined()
    expect(states).toBeGreaterThan(10_000)
  })

  test.each(Object.entries(conditions).filter(isRun))(
    'does not without %s (%s)',
    { timeout: 5 * minutes },
    async (without) => {
      // Two approvals of one owner at once.
      const bounds = { EACH: 2, EXECUTORS: 1 }
      const needsTwo = without === 'NO_SIGNATURE_ABSENT'
      const { violated } = await checkModel(model, {
        ...{ without, ...(needsTwo && { bounds }) },
      })
      expect(violated).toMatch(/^assertion violated/)
    },
  )
})

describe.skipIf(left || !soak)('with more of each', () => {
  test.each([
    { EACH: 2 },
    { OWNERS: 3, EACH: 1, REJECTERS: 2 },
    { BOTH: 1, EACH: 1 },
  ])('%j', { timeout: 30 * minutes }, async (bounds) => {
    const { violated, states } = await checkModel(model, { bounds })
    console.log(`multisig ${JSON.stringify(bounds)}: ${states} states`)
    expect(violated).toBeUndefined()
  })
})

describe('the model follows the code', () => {
  const text = readFileSync(model, 'utf8')

  test('each condition that can be dropped is one of these', () => {
    const switches = [...text.matchAll(/#ifdef (NO_\w+)/g)].map(
      ([, one]) => one,
    )
    expect(switches.sort()).toEqual(Object.keys(conditions).sort())
  })

  const steps = [...text.matchAll(/\b(\w+)\/(\w+\.ts) (\w+)/g)].map(
    ([, room, file, name]) => [room, file, name] as const,
  )
  test.each(steps)('%s/%s %s is in the sources', (room, file, name) => {
    const parent = room === 'multisig' ? 'lambda' : 'safe'
    const path = join(root, 'packages', parent, 'src', room ?? '', file ?? '')
    expect(readFileSync(path, 'utf8')).toMatch(
      new RegExp(`(?:function |async |\\b)${name}\\s*[(:]`),
    )
  })
})
