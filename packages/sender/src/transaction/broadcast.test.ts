import { RpcRefusedError, RpcTimeoutError } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { reasonIn, toProblem } from './broadcast.js'

test("finds a node's text in a problem, also in one of an older version", () => {
  const message = 'replacement\ntransaction: underpriced'
  const error = { code: -32000, message, data: undefined }
  const refused = new RpcRefusedError('https://node', 'method', error)
  expect(reasonIn(toProblem(refused))).toBe(refused.reason)
  expect(reasonIn('The node refused it: nonce too low')).toBe('nonce too low')
  const lost = new RpcTimeoutError('https://node', 5)
  expect(reasonIn(toProblem(lost))).toBe(undefined)
})
