import { keyPolicyDocument } from '@keyward/cdk/key-policy'
import { test } from 'vitest'
import { checkPolicy } from './checkPolicy.js'
import * as KeyFacts from './KeyFacts.js'
import * as KeyPolicy from './KeyPolicy.js'
import { learnRoles } from './learnRoles.js'

const arn = (n: string) => `arn:aws:iam::111122223333:role/${n}`
const key = KeyFacts.fromArn(
  'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  { origin: 'AWS_KMS', multiRegion: false },
)
const root = KeyFacts.rootArn(key)
const roles = {
  administrators: [arn('admin')],
  users: [arn('user'), arn('fn')],
  importers: [],
  breakGlass: [arn('bg')],
  deployers: [arn('cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1')],
  goesWithStack: false,
  minimumDeletionWindowDays: 30,
  importExpiration: 'never' as const,
}
const show = (doc: object) => {
  const policy = KeyPolicy.fromDocument(doc)
  const learned = learnRoles(policy, key)
  const t = performance.now()
  const f = checkPolicy(
    policy,
    {
      roles: {
        ...learned.roles,
        goesWithStack: learned.goesWithStack,
        importExpiration: learned.importExpiration,
        minimumDeletionWindowDays: 30,
      },
      undecided: learned.undecided,
    },
    key,
  )
  console.log(JSON.stringify(learned), performance.now() - t)
  for (const x of f)
    console.log(
      `${x.severity} ${x.code}: ${x.summary}\n   risk: ${x.risk}\n   by ${x.statements.join(', ')}\n`,
    )
}
test('x', () => {
  const doc = keyPolicyDocument(roles, root)
  show(doc)
  console.log('==== default')
  show({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Enable IAM',
        Effect: 'Allow',
        Principal: { AWS: root },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
  console.log('==== ours + star sign')
  const st = [...doc.Statement]
  show({
    ...doc,
    Statement: [
      ...st,
      {
        Sid: 'Open',
        Effect: 'Allow',
        Principal: '*',
        Action: 'kms:Sign',
        Resource: '*',
      },
    ],
  })
  console.log('==== no OnlyUsersSign')
  show({ ...doc, Statement: st.filter((s) => s.Sid !== 'OnlyUsersSign') })
  console.log('==== no OnlyNamedChange')
  show({
    ...doc,
    Statement: st.filter((s) => s.Sid !== 'OnlyNamedChangeThePolicy'),
  })
  console.log('==== like')
  show({
    ...doc,
    Statement: [
      ...st.filter((s) => s.Sid !== 'OnlyUsersSign'),
      {
        Sid: 'L',
        Effect: 'Allow',
        Principal: '*',
        Action: 'kms:Sign',
        Resource: '*',
        Condition: {
          StringLike: {
            'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/sig*',
          },
        },
      },
    ],
  })
})
