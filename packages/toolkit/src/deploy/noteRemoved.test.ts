import { expect, test } from 'vitest'
import type { Io } from '../Io.js'
import { noteRemoved } from './noteRemoved.js'

const role = 'arn:aws:iam::111122223333:role'

function notes(before: object, after: object): string[] {
  const found: string[] = []
  const io = {
    notify: ({ text }: { text: string }) => found.push(text),
  } as unknown as Io
  noteRemoved(io, { ...before }, { ...after })
  return found
}

test('a new list names the entries that it removes', () => {
  const invokers = [`refunds=${role}/refunds`]
  const line =
    'This removes the caller payouts: a list of callers is replaced as a whole. To keep it, pass it again.'
  for (const before of [
    [`payouts=${role}/payouts`],
    `payouts=${role}/payouts,refunds=${role}/r`,
    { payouts: `${role}/payouts` },
  ])
    expect(notes({ invokers: before }, { invokers })).toEqual([line])
  expect(notes({ administrators: [`${role}/a=b`, `${role}/c`] }, {})).toEqual([
    `This removes the administrators ${role}/a=b, ${role}/c: a list of administrators is replaced as a whole. To keep them, pass them again.`,
  ])
})

test('a name from the deployed template stays on its line', () => {
  const [line] = notes({ users: ['x\nNothing is removed.'] }, {})
  expect(line).toContain('the user x\\u000aNothing is removed.: a list')
})

test('nothing is said if no entry is removed', () => {
  const before = { users: `${role}/a`, invokers: { a: `${role}/a` } }
  const invokers = [`b=${role}/b`, `a=${role}/other`]
  expect(notes(before, { users: [`${role}/a`], invokers })).toEqual([])
  expect(notes({}, before)).toEqual([])
})
