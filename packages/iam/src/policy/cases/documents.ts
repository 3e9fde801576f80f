import { all, allowAll, type Fact } from './Fact.js'

const text = (...statements: string[]) => ({
  text: `{"Version":"2012-10-17","Statement":[${statements.join()}]}`,
  resource: '*',
})
const statement = (more: string) =>
  `{"Effect":"Allow","Action":"*","Resource":"*"${more}}`
const written = (more: object) => ({
  identity: [{ ...allowAll, ...more }],
  resource: '*',
})

const withElement = (name: string) => ({
  text: `{"${name}":"a","Statement":${statement('')}}`,
  resource: '*',
})

/** Texts that are not policies. */
export const documents: Fact[] = [
  {
    page: 'reference_policies_grammar',
    says: 'No element may have the same key twice.',
    cases: all(
      'refused',
      text(statement(',"Effect":"Deny"')),
      text(statement(',"E\\u0066fect":"Deny"')),
      text(statement(',"Condition":{"Bool":{"a:b":"true"},"Bool":{}}')),
      text(statement(',"Condition":{"Bool":{"a:b":"true","A:B":"false"}}')),
      {
        text: `{"Statement":[],"Statement":[${statement('')}]}`,
        resource: '*',
      },
    ),
    twins: all('allowed', text(statement('')), text(statement(',"Sid":"a"'))),
  },
  {
    page: 'reference_policies_elements_sid',
    says: 'The Sid must be unique within a policy.',
    cases: all(
      'refused',
      text(statement(',"Sid":"a"'), statement(',"Sid":"a"')),
    ),
    twins: all(
      'allowed',
      text(statement(',"Sid":"a"'), statement(',"Sid":"b"')),
      text(statement(''), statement('')),
    ),
  },
  {
    page: 'reference_policies_elements_id',
    says: 'A policy may have an Id.',
    cases: all('allowed', withElement('Id')),
    twins: all('refused', withElement('ID'), withElement('')),
  },
  {
    page: 'reference_policies_elements_effect',
    says: 'Effect is required, and must be Allow or Deny, capitalized like this.',
    cases: all(
      'refused',
      written({ Effect: 'allow' }),
      written({ Effect: undefined }),
      written({ Effect: ['Allow'] }),
    ),
    twins: all('allowed', written({})),
  },
  {
    page: 'reference_policies_elements',
    says: 'Action and NotAction exclude each other; so do the other pairs.',
    cases: all(
      'refused',
      written({ NotAction: 'iam:*' }),
      written({ NotResource: 'arn:aws:s3:::x' }),
      written({ Action: undefined }),
      written({ Resource: undefined }),
    ),
    twins: all('allowed', written({ Action: undefined, NotAction: 'iam:*' })),
  },
  {
    page: 'reference_policies_elements_principal',
    says: 'Identity policies have no Principal; resource policies must have one.',
    cases: all(
      'refused',
      written({ Principal: '*' }),
      written({ NotPrincipal: '*' }),
      { policy: [allowAll] },
    ),
    twins: all('allowed', written({})),
  },
  {
    page: 'reference_policies_elements_version',
    says: 'There are exactly two versions.',
    cases: all(
      'refused',
      { ...written({}), version: '2012-10-18' },
      { ...written({}), version: '' },
    ),
    twins: all('allowed', { ...written({}), version: '2008-10-17' }),
  },
]
