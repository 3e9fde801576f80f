import { expect, test } from 'vitest'
import { plain } from '../../../../test/support/styles.js'
import { matrixText } from './matrixText.js'

const row = (who: string, may: string[], conditions: string[] = []) => ({
  ...{ who, may, conditions },
  ...{ is: [], mayByIam: [] },
})

test('explains only what appears, and lines up ten principals', () => {
  const rows = Array.from({ length: 10 }, (_, at) =>
    row(`r${at + 1}`, ['look']),
  )
  const lines = matrixText({ rows, unread: [] }, plain).split('\n')
  expect(lines.slice(3)).toEqual([
    ...rows.slice(0, 9).map(({ who }, at) => `[${at + 1}]   ${who}`),
    '[10]  r10',
    '',
    'yes: the key policy allows the operation.',
  ])
})

test('says what sign and delete mean, and what a mark depends on', () => {
  const rows = [row('a', ['sign', 'delete'], ['aws:SourceVpce is vpce-1'])]
  expect(matrixText({ rows, unread: ['x'] }, plain)).toBe(`\
OPERATION  [1]
sign       yes*
delete     yes*

[1]  a
     * depends on: aws:SourceVpce is vpce-1

yes: the key policy allows the operation.
*: only under a condition, listed below the principal.
sign means ECDSA_SHA_256 on a digest, as Ethereum needs it. Anything else is sign-otherwise.
delete means with a waiting period of 30 days. A shorter one is delete-soon.
Not understood: x`)
})
