import { BaseError } from '@keyward/core'
import { expect, test } from 'vitest'
import { InternalError, toFailure, toLogFields } from './toFailure.js'

const secret = 'ac0974bec39a17e3'

test('our own errors are passed on unchanged', () => {
  const error = new BaseError('x', 'y')
  expect(toFailure(error)).toBe(error)
  expect(toLogFields(error)).toEqual({ error: 'BaseError', code: 'x' })
})

test('of other errors, only the kind and the stack locations remain', () => {
  const failure = toFailure(new TypeError(`cannot read ${secret}\n${secret}`))
  expect(failure).toBeInstanceOf(InternalError)
  expect(failure.message).toMatch(/a bug \(TypeError\)/)
  expect(failure.cause).toBeUndefined()
  expect(failure.stack).toMatch(/toFailure\.test\.ts/)
  expect(`${failure.stack}${failure.message}`).not.toContain(secret)
  expect(toFailure(secret).stack).not.toContain(secret)
})
