import type { ChangeSet } from '@keyward/toolkit/deploy'
import { describe, expect, test } from 'vitest'
import { styleFor } from '../terminal/Terminal.js'
import { changesText } from './changesText.js'

describe('changes', () => {
  const change = (
    action: ChangeSet.ResourceChange['action'],
    more: Partial<ChangeSet.ResourceChange> = {},
  ): ChangeSet.ResourceChange => ({
    ...{ action, type: 'AWS::Lambda::Function', logicalId: 'Fn' },
    ...{ physicalId: '', scope: [], maybe: false, policy: undefined },
    ...more,
  })
  const plain = styleFor({ isTTY: false }, {})
  const coloured = styleFor({ isTTY: true }, {})

  test('are a line each', () => {
    const text = changesText(
      [
        change('add', { type: 'AWS::KMS::Key', logicalId: 'Key' }),
        change('modify', { physicalId: 'fn', scope: ['Environment'] }),
        change('replace', { physicalId: 'fn', maybe: true, scope: ['Role'] }),
        change('remove', { physicalId: 'x'.repeat(70), policy: 'Retain' }),
      ],
      plain,
    )
    expect(text).toBe(
      `+ add      AWS::KMS::Key          Key
~ modify   AWS::Lambda::Function  fn  Environment
! may REPLACE  AWS::Lambda::Function  fn  Role
- remove   AWS::Lambda::Function  …${'x'.repeat(59)}  (Retain)`,
    )
  })

  test('that destroy are red', () => {
    for (const action of ['replace', 'remove'] as const)
      expect(changesText([change(action)], coloured)).toMatch(
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours.
        /^\u001b\[31m.*\u001b\[39m$/,
      )
  })
})
