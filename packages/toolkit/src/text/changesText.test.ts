import { describe, expect, test } from 'vitest'
import { coloured, plain } from '../../../../test/support/styles.js'
import type { ResourceChange } from '../deploy/ChangeSet.js'
import { changesText } from './changesText.js'

const folded = { isFolded: true, columns: 80 }
const unfolded = { isFolded: false, columns: 80 }

describe('changes', () => {
  const change = (
    action: ResourceChange['action'],
    more: Partial<ResourceChange> = {},
  ): ResourceChange => ({
    ...{ action, type: 'AWS::Lambda::Function', logicalId: 'Fn' },
    ...{ physicalId: '', scope: [], properties: [] },
    ...{ maybe: false, policy: undefined },
    ...more,
  })

  test('are a line each, those that destroy first', () => {
    const text = changesText(
      [
        change('add', { type: 'AWS::KMS::Key', logicalId: 'Key' }),
        change('modify', { physicalId: 'fn', scope: ['Environment'] }),
        change('replace', { physicalId: 'fn', maybe: true, scope: ['Role'] }),
        change('remove', { physicalId: 'x'.repeat(70), policy: 'Retain' }),
      ],
      plain,
      folded,
    )
    expect(text).toBe(
      `! might REPLACE  AWS::Lambda::Function  fn  Role
- remove   AWS::Lambda::Function  …${'x'.repeat(59)}  (Retain)
+ add      AWS::KMS::Key          Key
~ modify   AWS::Lambda::Function  fn  Environment`,
    )
  })

  test('are not shortened in a pipe', () => {
    const changes = [change('modify', { physicalId: 'x'.repeat(70) })]
    const inPipe = { isFolded: false, columns: undefined }
    expect(changesText(changes, plain, inPipe)).toBe(
      `~ modify   AWS::Lambda::Function  ${'x'.repeat(70)}`,
    )
  })

  test('show the properties that change, and their values if known', () => {
    const properties = [
      { name: 'Code.S3Key', before: undefined, after: undefined },
      {
        name: 'Environment.Variables.LOG_LEVEL',
        before: 'INFO',
        after: 'DEBUG',
      },
      { name: 'ReservedConcurrentExecutions', before: undefined, after: '2' },
    ]
    const scope = ['Code', 'Environment', 'ReservedConcurrentExecutions']
    const changes = [change('modify', { physicalId: 'fn', scope, properties })]
    expect(changesText(changes, plain, folded)).toBe(
      `~ modify   AWS::Lambda::Function  fn  Code.S3Key
           Environment.Variables.LOG_LEVEL: INFO -> DEBUG
           ReservedConcurrentExecutions: none -> 2`,
    )
  })

  test('are counted where a terminal folds, but for those that destroy', () => {
    const many = [
      ...Array.from({ length: 8 }, () => change('add')),
      change('add', { type: 'AWS::KMS::Key', logicalId: 'Key' }),
      change('modify', { type: 'AWS::IAM::Role', scope: ['Policies'] }),
      change('modify', { scope: ['Code'] }),
      change('modify', { scope: ['Code'] }),
      change('remove', { physicalId: 'old' }),
    ]
    expect(changesText(many, plain, folded)).toBe(
      `- remove   AWS::Lambda::Function  old
+ add 9 resources: 8 Lambda::Function, 1 KMS::Key
~ modify 3 resources: 2 Lambda::Function, 1 IAM::Role
           Policies
           Code
  --verbose lists each resource.`,
    )
    expect(changesText(many, plain, unfolded).split('\n')).toHaveLength(13)
    const kinds = ['IAM::Role', 'IAM::Policy', 'Logs::LogGroup', 'Events::Rule']
    const mixed = [
      ...many.slice(0, 8),
      ...kinds.map((kind) => change('add', { type: `AWS::${kind}` })),
    ]
    const [line = ''] = changesText(mixed, plain, folded).split('\n')
    expect(line).toBe(
      '+ add 12 resources: 8 Lambda::Function, 1 IAM::Role, 1 IAM::Policy, 2 others',
    )
    expect(line.length).toBeLessThanOrEqual(80)
  })

  test('that destroy are red', () => {
    for (const action of ['replace', 'remove'] as const)
      expect(changesText([change(action)], coloured, unfolded)).toMatch(
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours.
        /^\u001b\[31m.*\u001b\[39m$/,
      )
  })
})
