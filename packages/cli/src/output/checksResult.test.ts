import { expect, test } from 'vitest'
import { plain } from '../../../../test/support/styles.js'
import type { Terminal } from '../terminal/Terminal.js'
import { checksResult } from './checksResult.js'

const text = (checks: Parameters<typeof checksResult>[2], columns?: number) =>
  checksResult(
    { stdout: { columns, style: plain } } as Terminal,
    'orders',
    checks,
    'orders can send.',
  ).text

const fine = { name: 'clock', ok: true, found: "agrees with AWS's clock" }
const open = {
  name: 'key',
  ok: undefined,
  found: 'you have no permission to see it',
}
const wrong = { name: 'funds', ok: false, found: '0 ETH', fix: 'Send some.' }

test('what could not be seen has not passed', () => {
  const endOf = (...checks: Parameters<typeof text>[0]) =>
    text(checks).split('\n\n').at(-1)
  expect(endOf(fine)).toBe('orders can send.')
  expect(endOf(fine, open)).toBe(
    'orders can send.\n1 of 2 checks passed; 1 is unknown or a recommendation (--).',
  )
  expect(endOf(fine, open, wrong)).toBe(
    '1 of 3 checks passed; 1 needs attention (!!), 1 is unknown or a recommendation (--).',
  )
})

test('a long finding goes on below itself on a terminal', () => {
  const found = 'one provider is trusted'
  expect(text([{ ...wrong, found }], 26)).toContain(
    `!!  funds  one provider is\n${' '.repeat(11)}trusted\n${' '.repeat(11)}Send some.\n`,
  )
  expect(text([{ ...wrong, found }])).toContain(`funds  ${found}\n`)
})

test('a remedy that problems share is shown once', () => {
  const again = { ...wrong, name: 'sender' }
  expect(text([wrong, again]).match(/Send some\./g)).toHaveLength(1)
})
