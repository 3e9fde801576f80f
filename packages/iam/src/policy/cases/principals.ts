import {
  account,
  alice,
  all,
  allow,
  allowAll,
  arnOf,
  aws,
  bob,
  carol,
  deny,
  type Fact,
  key,
  lambda,
  other,
  root,
  session,
  sessionArn,
} from './Fact.js'

const page = 'reference_policies_elements_principal'
const federated = {
  arn: `arn:aws:sts::${account}:federated-user/alice`,
  account,
}

/** The principals that Principal names. */
export const principals: Fact[] = [
  {
    page,
    says: 'Naming an account by its ARN or its id delegates to the account, not only to its root.',
    cases: all(
      'allowed',
      { policy: [allow(aws(arnOf('root')))], identity: [allowAll] },
      { policy: [allow(aws(account))], identity: [allowAll] },
      { policy: [allow(aws(account))], by: root },
    ),
    twins: all(
      'denied',
      { policy: [allow(aws(arnOf('root')))] },
      { policy: [allow(aws(account))] },
      { policy: [allow(aws(other))], identity: [allowAll] },
      { policy: [allow(aws(other))], by: root },
    ),
  },
  {
    page,
    says: 'Several principals are joined by OR.',
    cases: all(
      'allowed',
      { policy: [allow(aws(bob.arn, alice.arn))] },
      {
        policy: [allow({ Service: lambda.service, AWS: alice.arn })],
      },
    ),
    twins: all('denied', { policy: [allow(aws(bob.arn, carol.arn))] }),
  },
  {
    page,
    says: 'A role covers its sessions.',
    cases: all(
      'allowed',
      { by: session('app'), policy: [allow(aws(arnOf('role/app')))] },
      { by: session('app', 'two'), policy: [allow(aws(arnOf('role/app')))] },
    ),
    twins: all(
      'denied',
      { by: session('app2'), policy: [allow(aws(arnOf('role/app')))] },
      { by: session('ap'), policy: [allow(aws(arnOf('role/app')))] },
      { by: session('app'), policy: [allow(aws(arnOf('role/App')))] },
      { by: session('app'), policy: [allow(aws(arnOf('user/app')))] },
      { by: session('app'), policy: [allow(aws(arnOf('role/app', other)))] },
      {
        by: session('app'),
        policy: [allow('*'), deny(aws(arnOf('role/app')))],
      },
    ),
  },
  {
    page: 'reference_identifiers',
    says: "A role's ARN has its path; a session's ARN doesn't.",
    cases: all(
      'allowed',
      {
        by: session('app', 's', '/team/x/'),
        policy: [allow(aws(arnOf('role/team/x/app')))],
      },
      {
        by: session('app', 's', '/team/x/'),
        policy: [allow(aws(sessionArn('app', 's')))],
      },
      {
        by: { arn: arnOf('user/team/dave'), account },
        policy: [allow(aws(arnOf('user/team/dave')))],
      },
    ),
    twins: all(
      'denied',
      {
        by: session('app', 's', '/team/x/'),
        policy: [allow(aws(arnOf('role/app')))],
      },
      {
        by: session('app', 's', '/team/x/'),
        policy: [allow(aws(arnOf('role/team/app')))],
      },
      {
        by: { arn: arnOf('user/team/dave'), account },
        policy: [allow(aws(arnOf('user/dave')))],
      },
    ),
  },
  {
    page,
    says: 'A session is named with its session name, exactly.',
    cases: all('allowed', {
      by: session('app', 'one'),
      policy: [allow(aws(sessionArn('app', 'one')))],
    }),
    twins: all(
      'denied',
      {
        by: session('app', 'two'),
        policy: [allow(aws(sessionArn('app', 'one')))],
      },
      {
        by: session('app', 'One'),
        policy: [allow(aws(sessionArn('app', 'one')))],
      },
      {
        by: session('app2', 'one'),
        policy: [allow(aws(sessionArn('app', 'one')))],
      },
    ),
  },
  {
    page,
    says: 'The name of a user is case sensitive.',
    cases: all('allowed', { policy: [allow(aws(alice.arn))] }),
    twins: all('denied', { policy: [allow(aws(arnOf('user/Alice')))] }),
  },
  {
    page,
    says: 'The session of a federated user has its own ARN.',
    cases: all('allowed', {
      by: federated,
      policy: [allow(aws(federated.arn))],
    }),
    twins: all('denied', { by: alice, policy: [allow(aws(federated.arn))] }),
  },
  {
    page,
    says: 'A service is named by its service principal.',
    cases: all(
      'allowed',
      { by: lambda, policy: [allow({ Service: lambda.service })] },
      {
        by: lambda,
        policy: [allow({ Service: ['events.amazonaws.com', lambda.service] })],
      },
    ),
    twins: all(
      'denied',
      { by: lambda, policy: [allow({ Service: 'events.amazonaws.com' })] },
      // A service is not in any account, and has no IAM policies of its own.
      { by: lambda, policy: [allow(aws(account))], identity: [allowAll] },
      { by: alice, policy: [allow({ Service: lambda.service })] },
    ),
  },
  {
    page: 'confused-deputy',
    says: 'A service also acts for customers on resources of other accounts, unless a condition on the source prevents this.',
    cases: all('allowed', {
      by: lambda,
      resource: key.replace(account, other),
      policy: [allow({ Service: lambda.service })],
    }),
    twins: all('denied', {
      by: { ...lambda, sourceArn: key },
      resource: key.replace(account, other),
      policy: [
        allow(
          { Service: lambda.service },
          { Condition: { StringEquals: { 'aws:SourceAccount': other } } },
        ),
      ],
    }),
  },
  {
    page,
    says: 'Federated and canonical users may be named too; neither is a user, a role or a service.',
    cases: all(
      'allowed',
      {
        policy: [
          allow({
            Federated: 'cognito-identity.amazonaws.com',
            AWS: alice.arn,
          }),
        ],
      },
      {
        policy: [allow({ CanonicalUser: '79a59df900b949e5', AWS: alice.arn })],
      },
    ),
    twins: all(
      'denied',
      { policy: [allow({ Federated: 'cognito-identity.amazonaws.com' })] },
      { policy: [allow({ Federated: [arnOf('saml-provider/alice')] })] },
      { policy: [allow({ CanonicalUser: '79a59df900b949e5' })] },
      {
        by: lambda,
        policy: [allow({ Federated: 'cognito-identity.amazonaws.com' })],
      },
    ),
  },
  {
    page,
    says: 'A deleted role or user is replaced by an id that is never assigned again.',
    cases: all('denied', {
      by: session('app'),
      policy: [allow(aws('AROAABCDEFGHIJKLMNOPQ'))],
    }),
    twins: all('allowed', {
      by: session('app'),
      policy: [allow(aws('AROAABCDEFGHIJKLMNOPQ', arnOf('role/app')))],
    }),
  },
  {
    page,
    says: 'A wildcard never matches part of a name; groups are not principals.',
    cases: all(
      'refused',
      { policy: [allow(aws(arnOf('user/*')))] },
      { policy: [allow(aws(arnOf('role/app?')))] },
      { policy: [allow(aws(sessionArn('app', '*')))] },
      { policy: [allow(aws(arnOf('group/admins')))] },
      { policy: [allow({ Service: '*.amazonaws.com' })] },
      { policy: [allow(alice.arn)] },
    ),
    twins: all('allowed', { policy: [allow(aws('*'))] }),
  },
]
