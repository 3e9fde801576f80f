// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub looks so.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import { createConditions } from './conditions.js'
import { evaluate, noValue, type Scope } from './intrinsics.js'
import type { Json, JsonObject } from './Json.js'
import { readParameters } from './parameters.js'
import { references } from './references.js'
import { collectProblems } from './StackError.js'
import { TemplateError } from './TemplateError.js'

const values: Record<string, Json | typeof noValue> = {
  Name: 'signer',
  Count: 3,
  Many: ['a', 'b', 'c'],
  Key: 'key-id',
  'AWS::Region': 'us-east-1',
  'AWS::NoValue': noValue,
}
const ref = (name: string) => {
  const value = values[name]
  if (value === undefined) throw new TemplateError(`no ${name}`)
  return value
}
const mappings = { Sizes: { local: { memory: 256, list: ['x', 'y'] } } }
const conditions: JsonObject = {
  Yes: { 'Fn::Equals': [{ Ref: 'Name' }, 'signer'] },
  No: { 'Fn::Not': [{ Condition: 'Yes' }] },
  Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
  Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
  Number: { 'Fn::Equals': [{ Ref: 'Count' }, '3'] },
  Listed: { 'Fn::Contains': [{ Ref: 'Many' }, 'b'] },
}
const condition = createConditions(conditions, { ref, mappings })
const scope: Scope = {
  ref,
  mappings,
  condition,
  getAtt: (id, attribute) => `${id}/${attribute}`,
}

describe('functions', () => {
  test.each<[Json, unknown]>([
    [{ Ref: 'Name' }, 'signer'],
    [{ 'Fn::GetAtt': ['Key', 'Arn'] }, 'Key/Arn'],
    [{ 'Fn::GetAtt': 'Key.Endpoint.Port' }, 'Key/Endpoint.Port'],
    [
      { 'Fn::Sub': 'a-${Name}-${Key.Arn}-${AWS::Region}' },
      'a-signer-Key/Arn-us-east-1',
    ],
    [
      { 'Fn::Sub': '${!Name} ${ Name } $Name ${Count}' },
      '${Name} signer $Name 3',
    ],
    [
      { 'Fn::Sub': ['${Own}/${Name}', { Own: { Ref: 'Key' } }] },
      'key-id/signer',
    ],
    [{ 'Fn::Join': ['', ['a', { Ref: 'Name' }, 1]] }, 'asigner1'],
    [{ 'Fn::Join': [',', { Ref: 'Many' }] }, 'a,b,c'],
    [{ 'Fn::Split': ['i', { Ref: 'Name' }] }, ['s', 'gner']],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['-', { Ref: 'Key' }] }] }, 'id'],
    [{ 'Fn::Select': [0, { Ref: 'Many' }] }, 'a'],
    [{ 'Fn::If': ['Yes', { Ref: 'Name' }, { Ref: 'Nothing' }] }, 'signer'],
    [{ 'Fn::FindInMap': ['Sizes', 'local', 'memory'] }, 256],
    [{ 'Fn::FindInMap': ['Sizes', 'local', 'list'] }, ['x', 'y']],
    [{ 'Fn::Base64': { 'Fn::Sub': '${Name}' } }, 'c2lnbmVy'],
    [
      { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] },
      { b: [1] },
    ],
    [{ a: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] } }, {}],
    // A policy's Condition is not a template's.
    [
      { Condition: { Bool: { 'a:b': true } } },
      { Condition: { Bool: { 'a:b': true } } },
    ],
    [null, null],
  ])('%j', (value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected)
  })

  test.each<[Json, string]>([
    [
      { 'Fn::ImportValue': 'x' },
      'The local home doesn\'t support the function "Fn::ImportValue".',
    ],
    [
      { 'Fn::Transform': {} },
      'The local home doesn\'t support the function "Fn::Transform".',
    ],
    [{ Ref: 'Name', Other: 1 }, 'Ref must be the only key of its object.'],
    [{ 'Fn::Join': ['-'] }, 'Fn::Join takes a list of 2 values.'],
    [{ 'Fn::Join': ['-', 'ab'] }, 'Fn::Join has a value that is not a list.'],
    [
      { 'Fn::Join': ['-', [{ a: 1 }]] },
      'Fn::Join has a value that is not text.',
    ],
    [
      { 'Fn::Select': [3, { Ref: 'Many' }] },
      'Fn::Select: 3 is not a valid index for a list of length 3 (the first index is 0).',
    ],
    [
      { 'Fn::Select': [-1, { Ref: 'Many' }] },
      'Fn::Select: -1 is not a valid index for a list of length 3 (the first index is 0).',
    ],
    [{ 'Fn::Sub': '${Many}' }, 'Fn::Sub has a value that is not text.'],
    [{ 'Fn::Sub': '${AWS::NoValue}' }, 'Fn::Sub has a value that is not text.'],
    [
      { 'Fn::FindInMap': ['Sizes', 'other', 'memory'] },
      'Mappings has no value at "Sizes" > "other" > "memory".',
    ],
    [
      { 'Fn::FindInMap': ['Sizes', 'constructor', 'name'] },
      'Mappings has no value at "Sizes" > "constructor" > "name".',
    ],
    [
      { 'Fn::If': ['Unknown', 1, 2] },
      'The condition "Unknown" doesn\'t exist.',
    ],
  ])('%j is refused', (value, expected) => {
    expect(() => evaluate(value, scope)).toThrow(new TemplateError(expected))
  })

  test('end in a value or a TemplateError, whatever comes', () => {
    const name = fc.constantFrom(
      ...['Ref', 'Fn::Sub', 'Fn::Join', 'Fn::Select', 'Fn::If', 'Fn::GetAtt'],
      ...['Fn::FindInMap', 'Fn::Split', 'Fn::Base64', '__proto__', 'a'],
    )
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>('Name', 'Many', '${Name}', 'Yes', ',', 0, null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(name, tie('tree'), { maxKeys: 2 }),
      ),
    }))
    fc.assert(
      fc.property(tree, (value) => {
        for (const work of [
          () => evaluate(value, scope),
          () => references(value),
          () => references(value, condition),
        ])
          try {
            work()
          } catch (error) {
            expect(error).toBeInstanceOf(TemplateError)
          }
      }),
      { numRuns: soak ? 3000 : 300 },
    )
    expect({}).not.toHaveProperty('a')
  })
})

test('conditions', () => {
  const names = Object.keys(conditions)
  expect(names.filter(condition)).toEqual(['Yes', 'Either', 'Number', 'Listed'])
})

test('references are those of both branches, or of the chosen one', () => {
  const value = {
    a: { 'Fn::If': ['No', { Ref: 'Left' }, { 'Fn::GetAtt': 'Right.Arn' }] },
    b: { 'Fn::Sub': ['${!No} ${Own} ${Text.Arn}', { Own: { Ref: 'Inner' } }] },
    c: { Ref: 'AWS::NoValue' },
  }
  const sorted = (names: Set<string>) => [...names].sort()
  expect(sorted(references(value))).toEqual(['Inner', 'Left', 'Right', 'Text'])
  expect(sorted(references(value, condition))).toEqual([
    'Inner',
    'Right',
    'Text',
  ])
})

describe('parameters', () => {
  const read = (declared: JsonObject, given: Record<string, string> = {}) => {
    const problems = collectProblems()
    const found = readParameters({ P: declared }, given, problems)
    try {
      problems.throwAny('template-invalid')
      return found.get('P')
    } catch (error) {
      return (error as Error).message
    }
  }
  test.each<[JsonObject, Record<string, string>, unknown]>([
    [{ Type: 'String', Default: 'a' }, {}, 'a'],
    [{ Type: 'String', Default: 'a' }, { P: 'b' }, 'b'],
    [{ Type: 'Number', Default: 5 }, {}, '5'],
    [{ Type: 'CommaDelimitedList' }, { P: 'a, b' }, ['a', 'b']],
    [{ Type: 'List<Number>' }, { P: '1,2' }, ['1', '2']],
    [
      {
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: '/cdk-bootstrap/x/version',
      },
      {},
      '33',
    ],
    [
      { Type: 'String' },
      {},
      'Parameter P has no default, so it needs a value.',
    ],
    [
      { Type: 'String', Default: '' },
      { Q: 'x' },
      'The template doesn\'t have a parameter "Q".',
    ],
    [{ Type: 'Number' }, { P: 'x' }, 'Parameter P: "x" is not a number.'],
    [
      { Type: 'Number', MinValue: 2 },
      { P: '1' },
      'Parameter P: "1" is too small. The minimum is 2.',
    ],
    [
      { Type: 'String', MaxLength: '2' },
      { P: 'abc' },
      'Parameter P: "abc" is too long. The maximum length is 2.',
    ],
    [
      { Type: 'String', AllowedValues: ['a', 'b'] },
      { P: 'c' },
      'Parameter P: "c" is not allowed. Allowed values: "a", "b".',
    ],
    [
      { Type: 'String', AllowedPattern: '[a-z]+' },
      { P: 'a1' },
      'Parameter P: "a1" doesn\'t match the pattern [a-z]+.',
    ],
    [
      { Type: 'String', AllowedPattern: '[a-z]+', NoEcho: true },
      { P: 's3cret' },
      "Parameter P: The value doesn't match the pattern [a-z]+.",
    ],
    [
      { Type: 'AWS::EC2::VPC::Id' },
      { P: 'vpc-1' },
      "Parameter P: The local home doesn't support parameters of type AWS::EC2::VPC::Id.",
    ],
  ])('%j with %j: %j', (declared, given, expected) => {
    expect(read(declared, given)).toEqual(expected)
  })
})
