import { expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { findViolations } from '../../../test/support/findViolations.js'

test('AwsSolutions and Control Tower find nothing that is not acknowledged', async () => {
  await ensureBuilt()
  expect(findViolations('good', () => {})).toEqual([])
})
