import { all, type Fact, when } from './Fact.js'

const page = 'reference_policies_condition-single-vs-multi-valued-context-keys'
const tags = (
  operator: string,
  values: unknown,
  given: readonly string[] | undefined,
) =>
  when(
    { [operator]: { 'aws:TagKeys': values } },
    given === undefined ? {} : { 'aws:TagKeys': given },
  )
const allowed = ['PostDateTime', 'Message', 'Tags']

/** Set operators on keys with several values. */
export const sets: Fact[] = [
  {
    page: 'reference_policies_multi-value-conditions',
    says: 'ForAllValues: each value of the request must match one of the policy.',
    cases: all(
      'allowed',
      tags('ForAllValues:StringLike', allowed, ['PostDateTime', 'Message']),
      tags('ForAllValues:StringEquals', allowed, ['Tags']),
      tags('ForAllValues:StringLike', ['P*', 'M*'], ['PostDateTime', 'M']),
    ),
    twins: all(
      'denied',
      tags('ForAllValues:StringLike', allowed, ['PostDateTime', 'UserName']),
      tags('ForAllValues:StringEquals', allowed, ['tags']),
    ),
  },
  {
    page: 'reference_policies_multi-value-conditions',
    says: 'ForAllValues is true if the request has no values.',
    cases: all(
      'allowed',
      tags('ForAllValues:StringLike', allowed, []),
      tags('ForAllValues:StringNotLike', '*', []),
      tags('ForAllValues:StringEqualsIfExists', allowed, []),
    ),
    twins: [
      // Null closes that gap.
      ...all(
        'denied',
        when(
          {
            'ForAllValues:StringLike': { 'aws:TagKeys': allowed },
            Null: { 'aws:TagKeys': 'false' },
          },
          { 'aws:TagKeys': [] },
        ),
      ),
      ...all('unknown', tags('ForAllValues:StringLike', allowed, undefined)),
    ],
  },
  {
    page: 'reference_policies_multi-value-conditions',
    says: 'ForAnyValue: one value of the request must match one of the policy.',
    cases: all(
      'allowed',
      tags(
        'ForAnyValue:StringLike',
        ['ID', 'PostDateTime'],
        ['UserName', 'Message', 'PostDateTime'],
      ),
      tags('ForAnyValue:StringEquals', 'ID', ['ID']),
    ),
    twins: all(
      'denied',
      tags('ForAnyValue:StringLike', ['ID', 'PostDateTime'], ['UserName']),
      tags('ForAnyValue:StringEquals', 'ID', ['Id', 'id']),
    ),
  },
  {
    page: 'reference_policies_multi-value-conditions',
    says: 'ForAnyValue is false if the request has no values.',
    cases: all(
      'denied',
      tags('ForAnyValue:StringLike', '*', []),
      tags('ForAnyValue:StringNotEquals', 'x', []),
    ),
    twins: [
      ...all('allowed', tags('ForAnyValue:StringLike', '*', ['x'])),
      ...all(
        'unknown',
        tags('ForAnyValue:StringLike', '*', undefined),
        // This page says false; the page about operators says that IfExists
        // holds.
        tags('ForAnyValue:StringLikeIfExists', '*', []),
      ),
    ],
  },
  {
    page: 'reference_policies_condition_examples-multi-valued-context-keys',
    says: 'ForAllValues of a negated operator: no value may match.',
    cases: all(
      'allowed',
      tags('ForAllValues:StringNotLike', 'key1*', ['key2:a', 'key3:a']),
      tags('ForAllValues:StringNotEquals', ['a', 'b'], ['c']),
    ),
    twins: all(
      'denied',
      tags('ForAllValues:StringNotLike', 'key1*', ['key1:a', 'key2:a']),
      tags('ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'b']),
    ),
  },
  {
    page: 'reference_policies_condition_examples-multi-valued-context-keys',
    says: 'ForAnyValue of a negated operator: one value matches none.',
    cases: all(
      'allowed',
      tags('ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c']),
      tags('ForAnyValue:StringNotLike', 'key1*', ['key1:a', 'key2:a']),
    ),
    twins: all(
      'denied',
      tags('ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b']),
      tags('ForAnyValue:StringNotLike', 'key1*', ['key1:a', 'key1:b']),
    ),
  },
  {
    page,
    says: "Keys with several values require a set operator; the page doesn't say what happens if there is none.",
    cases: all(
      'unknown',
      tags('StringEquals', 'a', ['a', 'b']),
      tags('StringNotEquals', 'a', ['a', 'b']),
    ),
    twins: all(
      'allowed',
      tags('StringEquals', 'a', ['a']),
      tags('ForAnyValue:StringEquals', 'a', ['a', 'b']),
    ),
  },
]
