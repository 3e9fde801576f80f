import { expect, test } from 'vitest'
import { removalAdvice } from './Aftermath.js'

test("a table is removed after the key, be it the ledger's or the guard's", () => {
  expect(removalAdvice(['aws logs delete-log-group'])).toBe(
    "If you don't need these resources, remove them.",
  )
  expect(removalAdvice(['aws dynamodb delete-table --table-name t'])).toBe(
    "If you don't need these resources, remove them. Remove a table only after KMS has deleted the key, because until then the deletion can be canceled: without the ledger, a repeated request is paid again, and without the guard's table, the policy's windows count from 0 again.",
  )
})
