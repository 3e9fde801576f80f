// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are policy variables.
import {
  account,
  all,
  allowAll,
  arnOf,
  type Fact,
  key,
  session,
} from './Fact.js'

const allowingOn = (Resource: unknown, resource = key, more = {}) => ({
  identity: [{ Effect: 'Allow', Action: '*', Resource }],
  ...{ action: 's3:GetObject', resource, ...more },
})
const denyingBut = (NotResource: unknown, resource: string, more = {}) => ({
  identity: [allowAll, { Effect: 'Deny', Action: '*', NotResource }],
  ...{ action: 's3:GetObject', resource, ...more },
})
const s3 = (path: string) => `arn:aws:s3:::${path}`
const payroll = [s3('HRBucket/Payroll'), s3('HRBucket/Payroll/*')]
const tests = s3('bucket/*/test/*')
const home = s3('bucket/${aws:username}/*')

/** Resource and NotResource. */
export const resources: Fact[] = [
  {
    page: 'reference_policies_elements_resource',
    says: 'A resource is given by its ARN, or as * for all.',
    cases: all('allowed', allowingOn(key), allowingOn('*')),
    twins: all(
      'denied',
      allowingOn(`${key}5`),
      allowingOn(key.slice(0, -1)),
      allowingOn(key.replace(account, '999999999999')),
    ),
  },
  {
    page: 'reference_policies_elements_resource',
    says: 'The name of a user in a resource is case sensitive.',
    cases: all('allowed', allowingOn(arnOf('user/Bob'), arnOf('user/Bob'))),
    twins: all('denied', allowingOn(arnOf('user/Bob'), arnOf('user/bob'))),
  },
  {
    page: 'reference_policies_elements_resource',
    says: 'Segments may have * for any characters and ? for one.',
    cases: all(
      'allowed',
      allowingOn(`arn:aws:kms:*:${account}:key/*`),
      allowingOn('arn:aws:kms:us-*-1:*:key/1234*'),
      allowingOn(`arn:aws:kms:us-east-?:${account}:key/1234abc?`),
    ),
    twins: all(
      'denied',
      allowingOn(`arn:aws:kms:us-east-?:${account}:key/1234abcd?`),
      allowingOn(`arn:aws:kms:eu-*:${account}:key/*`),
      allowingOn(`arn:aws:kms:*:${account}:alias/*`),
    ),
  },
  {
    page: 'reference_policies_elements_resource',
    says: 'A * that ends a segment may reach beyond its colon.',
    cases: all('allowed', allowingOn('arn:aws:kms:*'), allowingOn('arn:aws:*')),
    twins: all('denied', allowingOn('arn:aws:lambda:*')),
  },
  {
    page: 'reference_policies_elements_resource',
    says: 'A * also stands for slashes, and both slashes of /test/ must be there.',
    cases: all(
      'allowed',
      allowingOn(tests, s3('bucket/1/test/object.jpg')),
      allowingOn(tests, s3('bucket/1/2/test/3/object.jpg')),
      allowingOn(tests, s3('bucket//test/object.jpg')),
      allowingOn(tests, s3('bucket/1/test/')),
    ),
    twins: all(
      'denied',
      allowingOn(tests, s3('bucket/1-test/object.jpg')),
      allowingOn(tests, s3('bucket/test/object.jpg')),
      allowingOn(tests, s3('bucket/1/2/test.jpg')),
    ),
  },
  {
    page: 'reference_policies_elements_notresource',
    says: 'With Deny, all resources except the listed ones are denied.',
    cases: all(
      'denied',
      denyingBut(payroll, s3('HRBucket/Other')),
      denyingBut(payroll, s3('HRBucket/Payrolls')),
      denyingBut(payroll, s3('HRBucket/payroll')),
    ),
    twins: all(
      'allowed',
      denyingBut(payroll, s3('HRBucket/Payroll')),
      denyingBut(payroll, s3('HRBucket/Payroll/2026')),
      denyingBut('*', s3('HRBucket/Other')),
    ),
  },
  {
    page: 'reference_policies_elements_notresource',
    says: 'With Allow, all resources except the listed ones are allowed.',
    cases: all('allowed', {
      identity: [{ Effect: 'Allow', Action: 's3:*', NotResource: payroll }],
      ...{ action: 's3:GetObject', resource: s3('HRBucket/Other') },
    }),
    twins: all('denied', {
      identity: [{ Effect: 'Allow', Action: 's3:*', NotResource: payroll }],
      ...{ action: 's3:GetObject', resource: s3('HRBucket/Payroll/2026') },
    }),
  },
  {
    page: 'reference_policies_variables',
    says: 'A resource may have variables, whose values come from the request.',
    cases: all(
      'allowed',
      allowingOn(home, s3('bucket/alice/file')),
      allowingOn(s3('bucket/${aws:PrincipalTag/team}'), s3('bucket/red'), {
        context: { 'aws:PrincipalTag/team': 'red' },
      }),
    ),
    twins: [
      ...all(
        'denied',
        allowingOn(home, s3('bucket/bob/file')),
        allowingOn(home, s3('bucket/${aws:username}/file')),
        // Version 2008-10-17 has no variables: they are plain text.
        allowingOn(home, s3('bucket/alice/file'), { version: '2008-10-17' }),
        // A request's values have no wildcards.
        allowingOn(s3('bucket/${aws:PrincipalTag/team}'), s3('bucket/red'), {
          context: { 'aws:PrincipalTag/team': '*' },
        }),
      ),
      ...all(
        'unknown',
        allowingOn(s3('bucket/${aws:PrincipalTag/team}'), s3('bucket/red')),
      ),
    ],
  },
  {
    page: 'reference_policies_variables',
    says: 'A resource matches nothing if a variable in it has no value.',
    cases: all(
      'denied',
      allowingOn(home, s3('bucket/alice/file'), { by: session('alice') }),
      allowingOn(home, s3('bucket//file'), { by: session('alice') }),
      denyingBut(home, s3('bucket/alice/file'), { by: session('alice') }),
    ),
    twins: all(
      'allowed',
      allowingOn([home, '*'], s3('bucket/x/file'), { by: session('alice') }),
      denyingBut(home, s3('bucket/alice/file')),
    ),
  },
]
