import { expect, test } from 'vitest'
import { collectProblems } from './StackError.js'
import { TemplateError } from './TemplateError.js'

test('what is wrong with a template is collected, a bug is not', () => {
  const problems = collectProblems()
  problems.try('Key', () => {
    throw new TemplateError('KeySpec is missing.')
  })
  expect(() => problems.throwAny('template-invalid')).toThrow(
    'Key: KeySpec is missing.',
  )
  const bug = () => JSON.parse('{')
  expect(() => problems.try('Key', bug)).toThrow(SyntaxError)
})
