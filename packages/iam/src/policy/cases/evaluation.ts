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
  root,
} from './Fact.js'

const logic = 'reference_policies_evaluation-logic_policy-eval-denyallow'
const fn = `arn:aws:lambda:us-east-1:${account}:function:f`
const invoke = { action: 'lambda:InvokeFunction', resource: fn }
const role = arnOf('role/target')
const assume = { action: 'sts:AssumeRole', resource: role }
const { Resource: _, ...trust } = allow(aws(alice.arn), {
  Action: 'sts:AssumeRole',
})
const toInvoke = { Action: 'lambda:InvokeFunction', Resource: fn }
const denyAll = { ...allowAll, Effect: 'Deny' }
const open = {
  ...allow(aws(alice.arn)),
  Condition: { Bool: { 'aws:x': true } },
}

/** How policies combine: denials, one account, two accounts. */
export const evaluation: Fact[] = [
  {
    page: logic,
    says: 'All requests are denied by default.',
    cases: all('denied', { resource: '*' }, { ...invoke }),
    twins: all('allowed', { resource: '*', identity: [allowAll] }),
  },
  {
    page: logic,
    says: "The account's root user has full access by default.",
    cases: all('allowed', { by: root, resource: '*' }),
    twins: all('denied', { by: alice, resource: '*' }),
  },
  {
    page: logic,
    says: 'An explicit deny in any policy overrides any allow.',
    cases: all(
      'denied',
      { resource: '*', identity: [allowAll, denyAll] },
      { resource: '*', identity: [denyAll, allowAll] },
      { policy: [allow(aws(alice.arn))], identity: [denyAll] },
      { policy: [allow(aws(alice.arn)), deny(aws(alice.arn))] },
      { policy: [allow('*'), deny('*')], by: root },
      { ...invoke, identity: [allowAll], policy: [deny('*', toInvoke)] },
    ),
    twins: all(
      'allowed',
      { policy: [allow(aws(alice.arn)), deny(aws(bob.arn))] },
      {
        policy: [
          allow(aws(alice.arn)),
          deny('*', { Action: 'kms:CreateGrant' }),
        ],
      },
      {
        resource: key,
        policy: [allow(aws(alice.arn))],
        identity: [{ ...denyAll, Resource: `${key}5` }],
      },
    ),
  },
  {
    page: logic,
    says: 'In one account, an allow for the principal in either policy is enough.',
    cases: all(
      'allowed',
      { ...invoke, identity: [allowAll] },
      { ...invoke, policy: [allow(aws(alice.arn), toInvoke)] },
    ),
    twins: all(
      'denied',
      { ...invoke, policy: [allow(aws(bob.arn), toInvoke)] },
      // Naming the account leaves the decision to its IAM policies.
      { ...invoke, policy: [allow(aws(account), toInvoke)] },
    ),
  },
  {
    page: logic,
    says: 'Trust policies are an exception: they must allow the principal.',
    cases: all(
      'allowed',
      { ...assume, policy: [trust] },
      {
        ...assume,
        policy: [{ ...trust, Principal: aws(account) }],
        identity: [allowAll],
      },
    ),
    twins: all(
      'denied',
      { ...assume, policy: [trust], by: bob },
      { ...assume, policy: [trust], by: bob, identity: [allowAll] },
      { ...assume, policy: [{ ...trust, Principal: aws(account) }] },
    ),
  },
  {
    page: 'kms/key-policies',
    says: "If the key policy doesn't delegate to IAM, IAM policies can't allow anything.",
    cases: all('denied', {
      policy: [allow(aws(bob.arn))],
      identity: [allowAll],
    }),
    twins: all('allowed', {
      policy: [allow(aws(root.arn))],
      identity: [allowAll],
    }),
  },
  {
    page: 'kms/key-policies',
    says: "An IAM policy can deny even if the key policy doesn't delegate to IAM.",
    cases: all('denied', {
      policy: [allow(aws(alice.arn))],
      identity: [{ ...denyAll, Resource: key }],
    }),
    twins: all('allowed', { policy: [allow(aws(alice.arn))] }),
  },
  {
    page: 'kms/key-policies',
    says: 'Not even the root user has a permission that nothing allows explicitly.',
    cases: all('denied', { by: root, policy: [allow(aws(alice.arn))] }),
    twins: all('allowed', { by: root, policy: [allow(aws(root.arn))] }),
  },
  {
    page: 'kms/key-policy-default',
    says: 'Naming the account enables IAM policies and allows nobody by itself.',
    cases: all('denied', { policy: [allow(aws(root.arn))] }),
    twins: all('allowed', {
      policy: [allow(aws(root.arn))],
      identity: [{ ...allowAll, Action: 'kms:Sign', Resource: key }],
    }),
  },
  {
    page: 'reference_policies_evaluation-logic-cross-account',
    says: 'Across accounts, both the identity and the resource policy must allow.',
    cases: all(
      'allowed',
      { by: carol, policy: [allow(aws(carol.arn))], identity: [allowAll] },
      { by: carol, policy: [allow(aws(carol.account))], identity: [allowAll] },
    ),
    twins: all(
      'denied',
      { by: carol, policy: [allow(aws(carol.arn))] },
      { by: carol, policy: [allow(aws(root.arn))], identity: [allowAll] },
      { ...invoke, by: carol, identity: [allowAll] },
      {
        by: carol,
        policy: [allow(aws(carol.arn)), deny('*')],
        identity: [allowAll],
      },
      {
        by: carol,
        policy: [allow(aws(carol.arn))],
        identity: [allowAll, denyAll],
      },
    ),
  },
  {
    page: 'reference_policies_elements_principal',
    says: 'A wildcard needs no more within the account, but does across accounts.',
    cases: all(
      'allowed',
      { policy: [allow('*')] },
      { policy: [allow({ AWS: '*' })] },
      { by: carol, policy: [allow('*')], identity: [allowAll] },
    ),
    twins: all('denied', { by: carol, policy: [allow('*')] }),
  },
  {
    page: 'reference_policies_evaluation-logic_policy-eval-reqcontext',
    says: "The request's context decides which statements apply; here it is unknown.",
    cases: all(
      'unknown',
      { policy: [open] },
      { policy: [allow(aws(alice.arn)), { ...open, Effect: 'Deny' }] },
      {
        by: carol,
        policy: [allow('*')],
        identity: [{ ...allowAll, ...when() }],
      },
    ),
    twins: [
      ...all('allowed', { policy: [open, allow(aws(alice.arn))] }),
      ...all(
        'denied',
        { policy: [open, deny('*')] },
        { by: bob, policy: [open] },
        { by: carol, policy: [open], identity: [allowAll] },
      ),
    ],
  },
]

function when() {
  return { Condition: { Bool: { 'aws:x': true } } }
}
