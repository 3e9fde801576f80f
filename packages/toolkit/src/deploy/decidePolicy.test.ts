import { expect, test } from 'vitest'
import type { Io } from '../Io.js'
import { decidePolicy } from './decidePolicy.js'

/** @param answer - Undefined: there is no terminal. */
function ioThat(answer: boolean | undefined) {
  const asked: string[] = []
  const io = {
    notify() {},
    assertAskable() {
      if (answer === undefined) throw new Error('no terminal')
    },
    async confirm({ action }: { action: string }) {
      asked.push(action)
      if (answer !== true) throw new Error('no')
    },
  } as unknown as Io
  return { io, asked }
}

const decide = (
  { io }: { io: Io },
  settings: Record<string, unknown>,
  yes = false,
) => decidePolicy(io, 'treasury', settings, { yes })

test('a policy or none is a decision, and the local chain needs none', async () => {
  const there = ioThat(undefined)
  for (const policy of ['/payouts.json', ''])
    await decide(there, { network: 'sepolia', policy })
  for (const network of ['local', '31337']) await decide(there, { network })
})

test('without one, a terminal is asked, and a no deploys nothing', async () => {
  const yes = ioThat(true)
  await decide(yes, { network: 'sepolia' })
  expect(yes.asked).toEqual([expect.stringContaining('sign anything')])
  await expect(decide(ioThat(false), { network: 'sepolia' })).rejects.toThrow(
    'no',
  )
})

test.each([
  ['nobody can be asked', undefined, false],
  ['--yes is said to all questions', true, true],
])('it is refused if %s', async (_, answer, yes) => {
  await expect(decide(ioThat(answer), { network: '1' }, yes)).rejects.toThrow(
    /No policy was given for the stack treasury on mainnet[\s\S]*none/,
  )
})
