import type { GetWire } from '@keyward/sender'
import { expect, test } from 'vitest'
import { summarize } from './summarize.js'

const hash = `0x${'cc'.repeat(32)}`

// Which end the ledger will record, the receipt alone doesn't always say.
test.each([
  ['request', false, 'sent', 'mined', 'mined'],
  ['cancel', true, 'sent', 'ended', 'replaced'],
  ['filler', false, 'sent', 'ended', 'dropped'],
  ['cancel', false, 'sent', 'ended', 'sent'],
  ['cancel', false, 'refused', 'ended', 'refused'],
  ['cancel', false, 'expired', 'ended', 'expired'],
] as const)(
  'a mined %s, cancel requested: %s, recorded as %s',
  (purpose, isCancelled, recorded, end, status) => {
    const answer = {
      ...{ status: recorded, final: false, block_number: null },
      ...{ cancel_requested: isCancelled, attempts: [{ hash, purpose }] },
    } as unknown as GetWire
    const receipt = { ...{ hash, purpose, block: 5 }, status: 'succeeded' }
    expect(
      summarize({ answer, receipt } as Parameters<typeof summarize>[0], 31337),
    ).toMatchObject({ end, data: { status } })
  },
)
