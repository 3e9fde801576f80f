import { expect, test } from 'vitest'
import type { StackSource } from '../template/StackState.js'
import { describeReset } from './describeReset.js'

const templateOf = (settings: Record<string, string>) => ({
  Metadata: { 'Keyward::Settings': settings },
})
const own = { network: 'local', policy: 'a' }

function reset(settings: Record<string, string>, assembly?: string) {
  const templateText = JSON.stringify(templateOf(settings))
  const source = { templateText, ...(assembly && { assembly }) } as StackSource
  return describeReset({ name: 'dev', source }, templateOf(own))
}

test('names each setting that a deploy had added, changed or removed', () => {
  expect(reset({ network: 'local', policy: 'b', webhookUrl: 'c' })).toContain(
    'are reset: policy, webhookUrl. ',
  )
  expect(reset({ network: 'local' })).toContain('are reset: policy. ')
})

test('says nothing if no deploy changed a setting', () => {
  expect(reset(own)).toBe(undefined)
  expect(reset({ ...own, policy: 'older' }, '/cdk.out')).toBe(undefined)
})
