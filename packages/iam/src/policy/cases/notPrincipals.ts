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
  lambda,
  root,
  session,
  sessionArn,
} from './Fact.js'

/** The principals that NotPrincipal exempts. */
export const notPrincipals: Fact[] = [
  {
    page: 'reference_policies_elements_notprincipal',
    says: 'With Deny, all are denied except those named together with their account.',
    cases: all(
      'allowed',
      { policy: [allow('*'), spare(alice.arn, root.arn)] },
      { policy: [allow('*'), spare(alice.arn, account)] },
      { by: root, policy: [allow('*'), spare(account)] },
      { by: session('app'), policy: [allow('*'), spareAll('*')] },
      // A user's path may look like a session, but isn't one.
      {
        by: { arn: arnOf(`user/${sessionArn('app', 'eve')}`), account },
        policy: [allow('*'), spare('*', sessionArn('app', 'one'))],
      },
      {
        by: lambda,
        policy: [
          allow({ Service: lambda.service }),
          spareAll({ Service: lambda.service }),
        ],
      },
    ),
    twins: all(
      'denied',
      { by: bob, policy: [allow('*'), spare(alice.arn, root.arn)] },
      {
        by: carol,
        policy: [allow('*'), spare(alice.arn, root.arn)],
        identity: [allowAll],
      },
      // Exempting the account doesn't exempt its members.
      { policy: [allow('*'), spare(root.arn)] },
      // An exemption allows nothing.
      { policy: [spare(alice.arn, root.arn)] },
      { by: lambda, policy: [allow('*'), spare(alice.arn, root.arn)] },
    ),
  },
  {
    page: 'reference_policies_elements_notprincipal',
    says: 'Without the account, the Deny might stop the whole account.',
    cases: all('unknown', { policy: [allow('*'), spare(alice.arn)] }),
    twins: all('denied', { by: bob, policy: [allow('*'), spare(alice.arn)] }),
  },
  {
    page: 'reference_policies_elements_notprincipal',
    says: 'For a session, AWS may check account, role and session in turn.',
    cases: all('allowed', {
      by: session('app', 'one'),
      policy: [
        allow('*'),
        spare(sessionArn('app', 'one'), arnOf('role/app'), root.arn),
      ],
    }),
    twins: [
      ...all(
        'unknown',
        {
          by: session('app', 'one'),
          policy: [allow('*'), spare(arnOf('role/app'), root.arn)],
        },
        {
          by: session('app', 'one'),
          policy: [allow('*'), spare(sessionArn('app', 'one'), root.arn)],
        },
        {
          by: session('app', 'one'),
          policy: [
            allow('*'),
            spare(sessionArn('app', 'one'), arnOf('role/app')),
          ],
        },
      ),
      ...all(
        'denied',
        {
          by: session('app', 'two'),
          policy: [
            allow('*'),
            spare(sessionArn('app', 'one'), arnOf('role/app'), root.arn),
          ],
        },
        {
          by: session('other', 'one'),
          policy: [
            allow('*'),
            spare(sessionArn('app', 'one'), arnOf('role/app'), root.arn),
          ],
        },
      ),
    ],
  },
  {
    page: 'reference_policies_elements_notprincipal',
    says: 'With Allow, all are allowed except those named.',
    cases: all(
      'allowed',
      { by: bob, policy: [allowOthers(alice.arn)] },
      { by: session('app'), policy: [allowOthers(alice.arn)] },
      { by: carol, policy: [allowOthers(alice.arn)], identity: [allowAll] },
    ),
    twins: [
      ...all(
        'denied',
        { policy: [allowOthers(alice.arn)] },
        { policy: [allowOthers(alice.arn)], identity: [allowAll] },
        { by: session('app'), policy: [allowOthers(arnOf('role/app'))] },
        { by: carol, policy: [allowOthers(alice.arn)] },
        { policy: [{ ...allowOthers(), NotPrincipal: '*' }] },
        { by: root, policy: [allowOthers(account)] },
        {
          by: lambda,
          policy: [
            { ...allowOthers(), NotPrincipal: { Service: lambda.service } },
          ],
        },
      ),
      // The page doesn't say whether an account covers its members.
      ...all('unknown', { policy: [allowOthers(account)] }),
    ],
  },
]

function spareAll(NotPrincipal: unknown) {
  const { Principal: _, ...rest } = deny('*')
  return { ...rest, NotPrincipal }
}

function spare(...arns: string[]) {
  return spareAll(aws(...arns))
}

function allowOthers(...arns: string[]) {
  return { ...spare(...arns), Effect: 'Allow' }
}
