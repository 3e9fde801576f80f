import { all, allowAll, type Fact } from './Fact.js'

const allowing = (Action: unknown) => ({
  identity: [{ ...allowAll, Action }],
  resource: '*',
})
const allowingNot = (NotAction: unknown) => ({
  identity: [{ Effect: 'Allow', NotAction, Resource: '*' }],
  resource: '*',
})
const denyingNot = (NotAction: unknown) => ({
  identity: [allowAll, { Effect: 'Deny', NotAction, Resource: '*' }],
  resource: '*',
})

/** Action and NotAction. */
export const actions: Fact[] = [
  {
    page: 'reference_policies_elements_action',
    says: 'The prefix and the name of an action are case insensitive.',
    cases: all('allowed', allowing('KMS:sIgN'), allowing('kms:SIGN')),
    twins: all('denied', allowing('kms:Sig'), allowing('kms:Signs')),
  },
  {
    page: 'reference_policies_elements_action',
    says: 'A list may have several actions; one match is enough.',
    cases: all('allowed', allowing(['kms:Verify', 'kms:Sign'])),
    twins: all('denied', allowing(['kms:Verify', 'kms:GetPublicKey'])),
  },
  {
    page: 'reference_policies_elements_action',
    says: 'A wildcard stands for all actions of a service.',
    cases: all('allowed', allowing('kms:*'), allowing('*')),
    twins: all('denied', allowing('lambda:*'), allowing('kmsx:*')),
  },
  {
    page: 'reference_policies_elements_action',
    says: 'Wildcards may be part of a name: * any characters, ? exactly one.',
    cases: all(
      'allowed',
      allowing('kms:S*'),
      allowing('kms:*ig*'),
      allowing('kms:Sign*'),
      allowing('kms:s*N'),
      allowing('kms:Sig?'),
      allowing('kms:????'),
    ),
    twins: all(
      'denied',
      allowing('kms:Sign?'),
      allowing('kms:???'),
      allowing('kms:*Signs*'),
      allowing('kms:G*'),
    ),
  },
  {
    page: 'reference_policies_elements_notaction',
    says: 'With Allow, all actions except the listed ones are allowed.',
    cases: all(
      'allowed',
      allowingNot('iam:*'),
      allowingNot(['kms:Create*', 'kms:Verify']),
    ),
    twins: all(
      'denied',
      allowingNot('kms:Sign'),
      allowingNot('KMS:sign'),
      allowingNot(['iam:*', 'kms:*']),
      allowingNot('*'),
    ),
  },
  {
    page: 'reference_policies_elements_notaction',
    says: 'With Deny, all actions except the listed ones are denied; the listed ones are not allowed by it.',
    cases: all('denied', denyingNot('iam:*'), denyingNot('kms:Sig'), {
      identity: [{ Effect: 'Deny', NotAction: 'kms:Sign', Resource: '*' }],
      resource: '*',
    }),
    twins: all('allowed', denyingNot('kms:Sign'), denyingNot('kms:s*')),
  },
]
