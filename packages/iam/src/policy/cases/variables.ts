// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are policy variables.
import { account, all, arnOf, type Fact, session, when } from './Fact.js'

const page = 'reference_policies_variables'
const alias = (
  operator: string,
  value: unknown,
  given: string,
  context: Record<string, string | string[]> = {},
  more = {},
) =>
  when(
    { [operator]: { 'kms:RequestAlias': value } },
    { 'kms:RequestAlias': given, ...context },
    more,
  )
const role = { by: session('app') }
const old = { version: '2008-10-17' }
const noTag = { 'aws:PrincipalTag/team': [] as string[] }
const team = 'alias/${aws:PrincipalTag/team}'
const teamOrNone = "alias/${aws:PrincipalTag/team, 'none'}"

/** Policy variables in conditions. */
export const variables: Fact[] = [
  {
    page,
    says: 'A variable is replaced by the value of the key in the request.',
    cases: all(
      'allowed',
      alias('StringEquals', 'alias/${aws:username}', 'alias/alice'),
      alias('StringEquals', 'alias/${AWS:UserName}', 'alias/alice'),
      alias('StringLike', 'alias/${aws:username}-*', 'alias/alice-1'),
      alias('StringEquals', '${aws:username}-${aws:username}', 'alice-alice'),
      alias('StringLike', '*/${aws:username}', 'alias/alice'),
      alias('StringEqualsIgnoreCase', 'ALIAS/${aws:username}', 'alias/Alice'),
      when(
        {
          ArnEquals: { 'aws:PrincipalArn': arnOf('user/${aws:username}') },
        },
        {},
      ),
    ),
    twins: all(
      'denied',
      alias('StringEquals', 'alias/${aws:username}', 'alias/bob'),
      alias('StringEquals', 'alias/${aws:username}', 'alias/${aws:username}'),
      alias('StringNotEquals', 'alias/${aws:username}', 'alias/alice'),
    ),
  },
  {
    page: 'reference_policies_elements_version',
    says: 'Without version 2012-10-17 a variable is plain text.',
    cases: all(
      'allowed',
      alias('StringEquals', '${aws:username}', '${aws:username}', {}, old),
      alias('StringNotEquals', '${aws:username}', 'alice', {}, old),
    ),
    twins: all(
      'denied',
      alias('StringEquals', '${aws:username}', 'alice', {}, old),
      alias('StringEquals', '${aws:username}', '${aws:username}'),
    ),
  },
  {
    page,
    says: 'Nothing equals or matches a variable without a value.',
    cases: all(
      'denied',
      alias('StringEquals', team, 'alias/', noTag),
      alias('StringEqualsIgnoreCase', team, 'alias/x', noTag),
      alias('StringLike', team, 'alias/x', noTag),
      alias('StringLike', '*${aws:PrincipalTag/team}*', 'alias/x', noTag),
      alias('StringEquals', 'alias/${aws:username}', 'alias/app', {}, role),
      when(
        { ArnLike: { 'aws:PrincipalArn': arnOf('*/${aws:username}') } },
        {},
        role,
      ),
    ),
    twins: [
      ...all(
        'allowed',
        alias('StringEquals', [team, 'alias/x'], 'alias/x', noTag),
        alias('StringEquals', team, 'alias/x', {
          'aws:PrincipalTag/team': 'x',
        }),
      ),
      ...all(
        'unknown',
        alias('StringEquals', team, 'alias/x'),
        alias('StringLike', team, 'alias/x'),
      ),
    ],
  },
  {
    page,
    says: 'Inverted operators match a variable without a value.',
    cases: all(
      'allowed',
      alias('StringNotEquals', team, 'alias/x', noTag),
      alias('StringNotLike', '*${aws:PrincipalTag/team}*', 'alias/x', noTag),
    ),
    twins: [
      ...all(
        'denied',
        alias('StringNotEquals', [team, 'alias/x'], 'alias/x', noTag),
        alias('StringNotEquals', team, 'alias/x', {
          'aws:PrincipalTag/team': 'x',
        }),
      ),
      ...all('unknown', alias('StringNotEquals', team, 'alias/x')),
    ],
  },
  {
    page,
    says: 'A default applies if the key has no value.',
    cases: all(
      'allowed',
      alias('StringEquals', teamOrNone, 'alias/none', noTag),
      alias('StringEquals', teamOrNone, 'alias/x', {
        'aws:PrincipalTag/team': 'x',
      }),
      alias('StringEquals', "${aws:username, 'nobody'}", 'nobody', {}, role),
      alias('StringEquals', "${aws:username,'nobody'}", 'nobody', {}, role),
      alias('StringEquals', "${aws:username, ''}x", 'x', {}, role),
    ),
    twins: [
      ...all(
        'denied',
        alias('StringEquals', teamOrNone, 'alias/none', {
          'aws:PrincipalTag/team': 'x',
        }),
        alias('StringEquals', "${aws:username, 'nobody'}", 'nobody'),
        alias('StringEquals', teamOrNone, 'alias/None', noTag),
        alias('StringLike', "${aws:username, '*'}", 'nobody', {}, role),
      ),
      // If the key has a value, the default is not used.
      ...all('unknown', alias('StringEquals', teamOrNone, 'alias/none')),
    ],
  },
  {
    page,
    says: '${*}, ${?} and ${$} represent these characters themselves.',
    cases: all(
      'allowed',
      alias('StringLike', 'alias/${*}', 'alias/*'),
      alias('StringLike', 'alias/${?}', 'alias/?'),
      alias('StringLike', '${$}{aws:username}', '${aws:username}'),
      alias('StringEquals', '100${$}', '100$'),
      alias('StringLike', '${*}*', '*anything'),
    ),
    twins: all(
      'denied',
      alias('StringLike', 'alias/${*}', 'alias/x'),
      alias('StringLike', 'alias/${?}', 'alias/x'),
      alias('StringLike', '${$}{aws:username}', '$alice'),
      alias('StringLike', '${*}*', 'anything'),
    ),
  },
  {
    page,
    says: 'Text from a request is never treated as a wildcard.',
    cases: all(
      'denied',
      alias('StringLike', '${a:b}', 'anything', { 'a:b': '*' }),
    ),
    twins: all('allowed', alias('StringLike', '${a:b}', '*', { 'a:b': '*' })),
  },
  {
    page,
    says: "Keys with several values can't be variables; the result is undefined.",
    cases: all(
      'unknown',
      alias('StringEquals', '${aws:TagKeys}', 'a', {
        'aws:TagKeys': ['a', 'b'],
      }),
    ),
    twins: all(
      'allowed',
      alias('StringEquals', ['${aws:TagKeys}', 'a'], 'a', {
        'aws:TagKeys': ['a', 'b'],
      }),
    ),
  },
  {
    page,
    says: 'Numbers, dates, addresses and Null take no variables.',
    cases: all(
      'refused',
      when({ NumericEquals: { 'a:b': '${a:c}' } }, { 'a:b': '1', 'a:c': '1' }),
      when({ DateEquals: { 'a:b': '${aws:CurrentTime}' } }),
      when({ IpAddress: { 'a:b': '${aws:SourceIp}' } }),
      when({ BinaryEquals: { 'a:b': '${a:c}' } }),
      when({ Null: { 'a:b': '${a:c}' } }),
    ),
    twins: all(
      'allowed',
      when({ Bool: { 'a:b': '${a:c}' } }, { 'a:b': 'true', 'a:c': 'true' }),
      when({ StringEquals: { 'a:b': '${a:c}' } }, { 'a:b': '1', 'a:c': '1' }),
    ),
  },
  {
    page: 'kms/policy-conditions',
    says: 'kms:CallerAccount and the keys of Sign are compared as strings.',
    cases: all(
      'allowed',
      when(
        {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:SigningAlgorithm': 'ECDSA_SHA_256',
            'kms:MessageType': 'DIGEST',
          },
        },
        {
          'kms:CallerAccount': account,
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': 'DIGEST',
        },
      ),
    ),
    twins: all(
      'denied',
      when(
        { StringEquals: { 'kms:MessageType': 'DIGEST' } },
        { 'kms:MessageType': 'RAW' },
      ),
      // A request without MessageType is a RAW request, and lacks the key.
      when(
        { StringEquals: { 'kms:MessageType': 'DIGEST' } },
        { 'kms:MessageType': [] },
      ),
    ),
  },
]
