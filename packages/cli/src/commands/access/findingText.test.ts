import type { Finding } from '@keyward/iam/review'
import { expect, test } from 'vitest'
import { plain } from '../../../../../test/support/styles.js'
import { findingsText } from './findingText.js'

test('a remedy that findings share is printed once', () => {
  const finding = (code: string, remedy: string): Finding.Finding => ({
    ...{ code, remedy, severity: 'high', who: [], statements: [] },
    ...{ summary: `All may ${code}.`, risk: 'Loss.' },
  })
  const findings = [
    finding('sign', 'Deny it.'),
    finding('tag', 'Remove it.'),
    finding('delete', 'Deny it.'),
  ]
  expect(findingsText(findings, plain).join('\n')).toBe(`\
HIGH    sign: All may sign.
        why: Loss.
        fix: Deny it.

HIGH    tag: All may tag.
        why: Loss.
        fix: Remove it.

HIGH    delete: All may delete.
        why: Loss.
        fix: see sign above
`)
})
