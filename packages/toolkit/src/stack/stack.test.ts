import { describe, expect, test } from 'vitest'
import { isDenied, isMissing } from '../aws/peek.js'
import * as Frozen from './Frozen.js'
import { leaveOutAbsent } from './leaveOutAbsent.js'
import { isSeen, keyStateOf } from './readStatus.js'
import * as StackName from './StackName.js'
import * as Step from './Step.js'
import {
  allowedBy,
  environments,
  isRetained,
  pinOf,
  reservedOf,
  type Template,
} from './Template.js'

describe('frozen', () => {
  test.each([
    ['Enabled', ['unreserved', 3], 'no'],
    ['Disabled', [0, 0], 'yes'],
    ['PendingDeletion', [0], 'yes'],
    ['PendingImport', [0, 0], 'yes'],
    // It waits for its import, which nobody stopped.
    ['PendingImport', ['unreserved', 3], 'no'],
    ['PendingImport', [], 'no'],
    ['Disabled', ['unreserved', 0], 'partly'],
    ['Enabled', [0, 0], 'partly'],
    ['Disabled', ['unreserved'], 'partly'],
    // What may not be seen is not called running.
    [undefined, [0, 0], undefined],
    [undefined, ['unreserved'], undefined],
    ['Disabled', [null], undefined],
    ['Enabled', [null, 'unreserved'], undefined],
    ['Disabled', [], 'yes'],
  ] as const)('key %s, functions %j: %s', (key, concurrencies, expected) => {
    const functions = concurrencies.map((concurrency) => ({ concurrency }))
    expect(Frozen.tell([key], functions)).toBe(expected)
  })

  test.each([
    [['Disabled', 'PendingDeletion'], 'nothing is signed'],
    [['Disabled', 'Enabled'], 'some parts can still sign'],
    [['Disabled', undefined], 'some parts can still sign'],
  ])('partly, with keys %j: %s', (keys, expected) => {
    expect(Frozen.describe('partly', keys)).toContain(expected)
  })

  test('a key that the caller may not see, by the functions alone', () => {
    const reason = { reason: '', mispinned: false, isThere: true }
    const none = { address: undefined, ...reason }
    expect(
      [
        { address: `0x${'5a'.repeat(20)}`, from: 'function' as const },
        { ...none, isDisabled: true as const },
        none,
      ].map((address) => keyStateOf({ key: undefined, address })),
    ).toEqual(['Enabled', 'Disabled', undefined])
  })
})

describe('a stack that CloudFormation does not show', () => {
  const address = (isThere: boolean) => ({
    ...{ address: undefined, reason: 'unknown', mispinned: false, isThere },
  })
  const account = (isThere: boolean) => ({
    ...{ role: undefined, key: undefined, pin: undefined, hidden: [] },
    address: address(isThere),
  })
  const signer = (state: string | null) => ({
    ...{ name: 'own-signer', state, lastModified: null, concurrency: null },
    ...{ pin: undefined, policy: undefined, opens: undefined },
    ...{ network: undefined, keyId: undefined, hidden: [] },
  })

  test.each([
    [undefined, false, [], false],
    // Lambda refuses to say whether the function exists.
    [undefined, false, [null], false],
    [undefined, false, ['Active'], true],
    [undefined, true, [], true],
    ['CREATE_COMPLETE', false, [], true],
  ])(
    '%s, key found: %s, functions %j: seen %s',
    (stackStatus, isThere, states, seen) => {
      const accounts = [account(isThere)] as const
      const functions = states.map(signer)
      expect(isSeen({ stackStatus, accounts, functions })).toBe(seen)
    },
  )

  test('has no steps if no part was found', () => {
    const step = (kind: Step.Kind, part: string, note: string): Step.Step => ({
      ...{ kind, part, note, done: note === Step.absent },
    })
    const key = step('key', 'alias/own', 'no permission to find the key')
    const target = {
      ...{ kind: 'aws' as const, account: '111122223333', region: 'eu-west-1' },
    }
    const keep = (...steps: Step.Step[]) =>
      leaveOutAbsent(steps, { target }, 'own', { stack: undefined })
    expect(() =>
      keep(key, step('function', 'own-signer', Step.absent)),
    ).toThrow(
      expect.objectContaining({
        code: 'stack-missing',
        shortMessage:
          'There is no stack named "own" in AWS account 111122223333 (eu-west-1), or you have no permission to see it.',
      }),
    )
    const denied = step('function', 'own-signer', 'not allowed')
    expect(keep(key, denied)).toEqual([key, denied])
  })
})

describe('names', () => {
  test.each(['keyward', 'a', 'Team-1-treasury', `k${'x'.repeat(48)}`])(
    '%s is one',
    (name) => {
      expect(() => StackName.assert(name)).not.toThrow()
      for (const each of StackName.toFunctionNames(name))
        expect(each.length).toBeLessThanOrEqual(64)
    },
  )
  test.each([
    '',
    '1a',
    'a_b',
    'a b',
    '../x',
    `k${'x'.repeat(49)}`,
    'a\nb',
    'ü',
  ])('%j is not one', (name) => {
    expect(() => StackName.assert(name)).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    )
  })
})

const signer = (pin?: unknown) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    ReservedConcurrentExecutions: '5',
    Environment: {
      Variables: {
        KMS_KEY_ID: { 'Fn::GetAtt': ['Key', 'Arn'] },
        ...(pin === undefined ? {} : { KEYWARD_ADDRESS: pin }),
      },
    },
  },
})

describe('templates', () => {
  const of = (Resources: Template['Resources']): Template => ({
    Resources: Resources ?? {},
  })

  test.each([
    [of({ A: signer('0x1'), B: signer('0x1') }), '0x1'],
    [of({ A: signer('0x1'), B: signer() }), undefined],
    [of({ A: signer('0x1'), B: signer('0x2') }), undefined],
    [of({ A: signer({ Ref: 'P' }) }), undefined],
    // A function without a key needs no pin.
    [of({ A: signer('0x1'), B: { Type: 'AWS::Lambda::Function' } }), '0x1'],
    [of({}), undefined],
    [{}, undefined],
  ])('pin of case %#', (template, expected) => {
    expect(pinOf(template)).toBe(expected)
  })

  test('concurrency, retention, environment', () => {
    const template = of({
      A: signer('0x1'),
      B: { Type: 'AWS::Lambda::Function', DeletionPolicy: 'Retain' },
    })
    expect(reservedOf(template, 'A')).toBe(5)
    expect(reservedOf(template, 'B')).toBeUndefined()
    expect(isRetained(template, 'A')).toBe(false)
    expect(isRetained(template, 'B')).toBe(true)
    expect([...environments(template).keys()]).toEqual(['A', 'B'])
  })

  test('the allowed principals, if the template spells them out', () => {
    const statement = (Effect: string, Action: unknown, AWS: unknown) => ({
      ...{ Effect, Action, Principal: { AWS } },
    })
    const template = of({
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: {
          KeyPolicy: {
            Statement: [
              statement('Allow', ['kms:DisableKey', 'kms:EnableKey'], 'arn:a'),
              statement('Allow', 'kms:DisableKey', ['arn:b', { Ref: 'x' }]),
              statement('Allow', 'kms:Sign', 'arn:c'),
              statement('Deny', 'kms:DisableKey', 'arn:d'),
            ],
          },
        },
      },
    })
    expect(allowedBy(template, 'kms:DisableKey')).toEqual(['arn:a', 'arn:b'])
    expect(allowedBy(template, 'kms:EnableKey')).toEqual(['arn:a'])
  })
})

describe('messages of AWS services', () => {
  const error = (name: string, message = '') =>
    Object.assign(new Error(message), { name })

  test.each(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'])(
    '%s is a refusal',
    (name) => {
      expect(isDenied(error(name))).toBe(true)
      expect(isMissing(error(name))).toBe(false)
    },
  )

  test.each([
    ['ResourceNotFoundException', ''],
    ['NotFoundException', ''],
    ['ChangeSetNotFoundException', ''],
    ['ValidationError', 'Stack with id x does not exist'],
  ])('%s %s: it is not there', (name, message) => {
    expect(isMissing(error(name, message))).toBe(true)
    expect(isDenied(error(name, message))).toBe(false)
  })

  test('other validation errors are neither', () => {
    const other = error('ValidationError', 'No updates are to be performed.')
    expect([isMissing(other), isDenied(other)]).toEqual([false, false])
  })
})
