// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are policy variables.
import { all, arnOf, type Fact, session, sessionArn, when } from './Fact.js'

const operators = 'reference_policies_elements_condition_operators'
const type = { 'kms:MessageType': 'DIGEST' }
const on = (operator: string, value: unknown, context: object = type) =>
  when(
    { [operator]: { 'kms:MessageType': value } },
    context as Record<string, string>,
  )

/** String operators. */
export const strings: Fact[] = [
  {
    page: operators,
    says: 'StringEquals is exact and case sensitive.',
    cases: all('allowed', on('StringEquals', 'DIGEST')),
    twins: all(
      'denied',
      on('StringEquals', 'Digest'),
      on('StringEquals', 'DIGES'),
      on('StringEquals', ' DIGEST'),
      // Only StringLike has wildcards.
      on('StringEquals', 'DIG*'),
      on('StringEquals', '??????'),
    ),
  },
  {
    page: operators,
    says: 'StringNotEquals is the negation of StringEquals.',
    cases: all('allowed', on('StringNotEquals', 'RAW')),
    twins: all('denied', on('StringNotEquals', 'DIGEST')),
  },
  {
    page: operators,
    says: 'StringEqualsIgnoreCase ignores case, and is exact otherwise.',
    cases: all('allowed', on('StringEqualsIgnoreCase', 'digest')),
    twins: all(
      'denied',
      on('StringEqualsIgnoreCase', 'digests'),
      on('StringEqualsIgnoreCase', 'dig*'),
      on('StringNotEqualsIgnoreCase', 'digest'),
    ),
  },
  {
    page: operators,
    says: 'StringLike is case sensitive, with * and ? anywhere.',
    cases: all(
      'allowed',
      on('StringLike', 'D*'),
      on('StringLike', '*GES*'),
      on('StringLike', 'D?GES?'),
      on('StringLike', 'DIGEST*'),
      on('StringLike', 'DIGEST'),
      on('StringNotLike', 'R*'),
    ),
    twins: all(
      'denied',
      on('StringLike', 'd*'),
      on('StringLike', 'DIG'),
      on('StringLike', 'DIGEST?'),
      on('StringNotLike', 'D*'),
    ),
  },
  {
    page: 'reference_policies_condition-logic-multiple-context-keys-or-values',
    says: 'Several values are joined by OR, those of a negated operator by NOR.',
    cases: all(
      'allowed',
      on('StringEquals', ['RAW', 'DIGEST']),
      on('StringLike', ['R*', 'D*']),
      on('StringNotEquals', ['RAW', 'EXTERNAL_MU']),
    ),
    twins: all(
      'denied',
      on('StringEquals', ['RAW', 'EXTERNAL_MU']),
      on('StringNotEquals', ['RAW', 'DIGEST']),
      on('StringNotLike', ['R*', 'D*']),
    ),
  },
  {
    page: 'reference_policies_condition-logic-multiple-context-keys-or-values',
    says: 'Several operators, and several keys of one operator, are joined by AND.',
    cases: all(
      'allowed',
      when(
        {
          StringEquals: { 'a:b': '1', 'a:c': '2' },
          StringLike: { 'a:d': '*' },
        },
        { 'a:b': '1', 'a:c': '2', 'a:d': '3' },
      ),
    ),
    twins: [
      ...all(
        'denied',
        when(
          { StringEquals: { 'a:b': '1', 'a:c': '2' } },
          { 'a:b': '1', 'a:c': '3' },
        ),
        when(
          { StringEquals: { 'a:b': '1' }, StringLike: { 'a:d': 'x*' } },
          { 'a:b': '1', 'a:d': '3' },
        ),
        // A certain failure outweighs an unknown result.
        when({ StringEquals: { 'a:b': '1', 'a:c': '2' } }, { 'a:b': '2' }),
      ),
      ...all(
        'unknown',
        when({ StringEquals: { 'a:b': '1', 'a:c': '2' } }, { 'a:b': '1' }),
      ),
    ],
  },
  {
    page: 'reference_policies_elements_condition',
    says: 'Names of condition keys are not case sensitive.',
    cases: all(
      'allowed',
      when({ StringEquals: { 'KMS:messagetype': 'DIGEST' } }, type),
      when({ StringEquals: { 'AWS:USERNAME': 'alice' } }),
    ),
    twins: all(
      'denied',
      when({ StringEquals: { 'KMS:messagetype': 'digest' } }, type),
      when({ StringEquals: { 'AWS:USERNAME': 'Alice' } }),
    ),
  },
]

const target = 'arn:aws:someservice:*:111122223333:finance/*'
const value =
  'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt'
const fits = 'arn:aws:someservice:us-east-2:111122223333:finance/2026/a:b'
const source = (operator: string, wanted: string, given: string) =>
  when({ [operator]: { 'aws:SourceArn': wanted } }, { 'aws:SourceArn': given })
const principal = (operator: string, arn: string | string[], more = {}) =>
  when({ [operator]: { 'aws:PrincipalArn': arn } }, {}, more)

/** ARN operators. */
export const arns: Fact[] = [
  {
    page: operators,
    says: 'ARN operators compare the six parts one by one; StringLike does not.',
    cases: all(
      'allowed',
      source('ArnLike', target, fits),
      source('ArnEquals', target, fits),
      source('StringLike', target, value),
      // The sixth part is the whole rest, including colons.
      source('ArnLike', 'arn:aws:*:*:111122223333:finance/2026/a:b', fits),
      source('ArnEquals', fits, fits),
    ),
    twins: all(
      'denied',
      source('ArnLike', target, value),
      source('ArnEquals', target, value),
      source('ArnLike', target.replace('111122223333', '99992222333?'), fits),
      source('ArnLike', 'arn:aws:*:*:111122223333:finance/2026/a:c', fits),
      source('ArnLike', 'arn:aws:*:*:111122223333:finance/2026/ab', fits),
      // A pattern with fewer than six parts is not an ARN.
      source('ArnLike', 'arn:*:*:*:*:*', 'arn:aws:someservice'),
      when(
        { ArnLike: { 'aws:SourceArn': '${a:b}' } },
        { 'aws:SourceArn': fits, 'a:b': 'arn:aws' },
      ),
      source('ArnNotLike', target, fits),
      source('ArnNotEquals', target, fits),
    ),
  },
  {
    page: operators,
    says: 'ARN operators are case sensitive, and a * never crosses a colon before the sixth part.',
    cases: all(
      'allowed',
      source('ArnLike', 'arn:aws:*:*:*:finance/*', fits),
      source('ArnLike', 'arn:*:some*:us-east-?:*:*', fits),
    ),
    twins: all(
      'denied',
      source('ArnLike', 'arn:aws:*:*:*:Finance/*', fits),
      source('ArnEquals', 'arn:aws:some:*:*:finance/*', fits),
      source('ArnLike', 'arn:aws:*:finance/*:*:*', fits),
    ),
  },
  {
    page: 'reference_policies_condition-keys',
    says: "For a session, aws:PrincipalArn is the role's ARN, not the session's.",
    cases: all(
      'allowed',
      principal('ArnEquals', arnOf('role/x/app'), {
        by: session('app', 's', '/x/'),
      }),
      principal('StringEquals', arnOf('role/app'), { by: session('app') }),
      principal('ArnLike', arnOf('role/*'), { by: session('app') }),
    ),
    twins: all(
      'denied',
      principal('ArnEquals', arnOf('role/app'), {
        by: session('app', 's', '/x/'),
      }),
      principal('ArnEquals', sessionArn('app'), { by: session('app') }),
      principal('ArnLike', sessionArn('app', '*'), { by: session('app') }),
      principal('StringEquals', arnOf('role/*'), { by: session('app') }),
    ),
  },
  {
    page: 'reference_policies_elements_principal',
    says: 'A Deny with ArnNotEquals on aws:PrincipalArn exempts the named principals.',
    cases: all('denied', principal('ArnNotEquals', arnOf('user/alice'))),
    twins: all(
      'allowed',
      principal('ArnNotEquals', arnOf('user/bob')),
      principal('ArnNotEquals', [arnOf('user/bob'), arnOf('role/alice')]),
    ),
  },
]
