import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, aws_iam as iam, type Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { createApp } from './createApp.js'
import { KeywardStack } from './KeywardStack.js'
import { SignerFunction } from './SignerFunction.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward policy '))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'policy.json')
const text = '{"version":1,"rules":[]}'
writeFileSync(file, text)
const sha256 = createHash('sha256').update(text).digest('hex')

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'
// Staged files are removed with it, because a killed worker removes nothing.
process.env.TMPDIR = folder
beforeAll(() => ensureBuilt())

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const least = { network: 'local', administrators: role('admin') }
const users = role('developer')
const synthesize = (context: Record<string, unknown>) => {
  const app = createApp({ ...least, policy: file, ...context })
  const [stack] = app.node.children.filter(({ node }) => node.id !== 'Tree')
  return Template.fromStack(stack as Stack)
}

describe('a policy of the stack', () => {
  test('is deployed with each function that signs, which knows its hash', () => {
    const functions = synthesize({}).findResources('AWS::Lambda::Function')
    const hashes = Object.values(functions).map(
      ({ Properties }) => Properties.Environment.Variables.POLICY_SHA256,
    )
    expect(hashes).toEqual(Array(5).fill(sha256))
  })

  test('is refused if the file is not the intended one', () => {
    expect(() => synthesize({ policySha256: sha256 })).not.toThrow()
    expect(() => synthesize({ policySha256: 'f'.repeat(64) })).toThrow(
      /policy: .* has changed since it was deployed. .*--policy FILE.* restore the file \(its SHA-256 began with f{12}\).*--policy none/,
    )
  })

  test('that was moved after its deployment needs its new path', () => {
    const policy = join(folder, 'moved.json')
    expect(() => synthesize({ policy, policySha256: sha256 })).toThrow(
      /moved\.json" doesn't exist\. The stack stores only the path .* pass its new path: --policy FILE/,
    )
  })

  test('is refused together with users who would bypass it', () => {
    expect(() => synthesize({ users })).toThrow(/unguardedUsers/)
    expect(() => synthesize({ users, unguardedUsers: 'true' })).not.toThrow()
  })

  test('is refused together with roles and functions that get its key', () => {
    const withKey = (more: object) => {
      const stack = new KeywardStack(new App(), 'guarded', {
        ...{ network: 'sepolia', administrators: [role('admin')] },
        ...more,
      })
      const { signingKey } = stack
      if (signingKey === undefined) throw new Error('no key')
      const grant = () =>
        signingKey.grantSign(
          iam.Role.fromRoleArn(stack, 'Late', role('late'), { mutable: false }),
        )
      const add = (own: object) => () =>
        new SignerFunction(stack, `Around${Object.keys(own).length}`, {
          ...{ kind: 'eip1559-signer', functionName: 'around', signingKey },
          ...{ network: 'sepolia', ...own },
        })
      return { grant, add }
    }
    const guarded = withKey({ policy: file })
    expect(guarded.grant).toThrow(
      'grantSign: a policy guards the key, but guarded/Late would bypass it. Give the function that uses this role a policy, or set unguardedUsers to true.',
    )
    expect(guarded.add({})).toThrow(
      'grantSign: a policy guards the key, but guarded/Around0/Role would bypass it',
    )
    expect(guarded.add({ policy: file })).not.toThrow()
    for (const more of [{}, { policy: file, unguardedUsers: true }]) {
      const { grant, add } = withKey(more)
      expect(grant).not.toThrow()
      expect(add({})).not.toThrow()
    }
  })

  test('that allows calls of any contract is only for the local chain', () => {
    const rule = { id: 'open', chains: [31337], call: { to: 'any' } }
    const policy = join(folder, 'open.json')
    const write = (more: object) =>
      writeFileSync(
        policy,
        JSON.stringify({ version: 1, rules: [{ ...rule, ...more }] }),
      )
    write({})
    expect(() => synthesize({ policy })).not.toThrow()
    const rpcUrl = 'http://localhost:8545'
    expect(() => synthesize({ policy, network: '31337', rpcUrl })).not.toThrow()
    expect(() => synthesize({ policy, network: 'sepolia' })).toThrow(
      /policy: the rule "open" of ".*open.json" allows calls to any contract.*"any" is only for the local chain \(network local or 31337\)/,
    )
    // It would allow typed data of another chain.
    for (const chains of [[31337, 1], [], undefined]) {
      write({ chains })
      expect(() => synthesize({ policy })).toThrow(
        /Set the rule's chains to \[31337\]/,
      )
    }
    write({ effect: 'deny', chains: [1] })
    expect(() => synthesize({ policy, network: 'sepolia' })).not.toThrow()
  })

  describe('with windows', () => {
    const rule = { id: 'pay', chains: [1], payment: {}, windows: ['day'] }
    const windows = join(folder, 'windows.json')
    writeFileSync(windows, JSON.stringify({ version: 1, rules: [rule] }))
    const guarded = { policy: windows, rpcUrl: 'https://node.example' }

    test('has a table in which all functions count, and nobody else', () => {
      const template = synthesize(guarded)
      const [[id, table] = []] = Object.entries(
        template.findResources('AWS::DynamoDB::GlobalTable'),
      ).filter(([id]) => id.startsWith('Guard'))
      expect(table).toMatchObject({ DeletionPolicy: 'Retain' })
      const functions = Object.values(
        template.findResources('AWS::Lambda::Function'),
      )
      for (const { Properties } of functions)
        expect(Properties.Environment.Variables.GUARD_TABLE).toEqual({
          Ref: id,
        })
      const [replica] = table?.Properties.Replicas ?? []
      const [writes, deletes] = replica.ResourcePolicy.PolicyDocument.Statement
      expect(writes).toMatchObject({ Effect: 'Deny' })
      expect(writes.Condition.ArnNotEquals['aws:PrincipalArn']).toHaveLength(
        functions.length,
      )
      expect(deletes.Condition).toBeUndefined()
      const policies = JSON.stringify(
        template.findResources('AWS::IAM::Policy'),
      )
      expect(policies.match(/"CountWindows"/g)).toHaveLength(5)
      expect(policies.match(/"WriteFromHereOnly"/g)).toHaveLength(5)
    })

    test("binds another stack's functions to its table through the key's policy", () => {
      const others = [role('second-sender'), role('second-reconciler')]
      const template = synthesize({ ...guarded, guardedUsers: others })
      const [key] = Object.values(template.findResources('AWS::KMS::Key'))
      const [bound] = (key?.Properties.KeyPolicy.Statement ?? []).filter(
        ({ Sid }: { Sid: string }) => Sid === 'OnlyCountedSign',
      )
      expect(bound).toEqual({
        ...{ Sid: 'OnlyCountedSign', Effect: 'Deny', Resource: '*' },
        ...{ Principal: { AWS: '*' }, Action: 'kms:Sign' },
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': others },
          StringNotEquals: {
            'aws:PrincipalTag/keyward-guard': {
              'Fn::GetAtt': [expect.stringMatching(/^Guard/), 'Arn'],
            },
          },
        },
      })
      expect(() => synthesize({ guardedUsers: others })).toThrow(
        'guardedUsers: there is no table that counts what these users sign.',
      )
    })

    test('of another stack is shown to KMS by a tag of each role', () => {
      const template = synthesize({ ...guarded, existingGuardTable: 'first' })
      const roles = Object.values(template.findResources('AWS::IAM::Role'))
      // Another account's table of this name is another table.
      const arn = [
        ...['arn:', { Ref: 'AWS::Partition' }, ':dynamodb:'],
        ...[{ Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }],
        ':table/first',
      ]
      const Value = { 'Fn::Join': ['', arn] }
      expect(roles.map(({ Properties }) => Properties.Tags)).toEqual(
        Array(5).fill([{ Key: 'keyward-guard', Value }]),
      )
    })

    test("refuses the stack's own roles as guarded users", () => {
      const kinds = ['eip1559-signer', 'legacy-signer', 'message-signer']
      for (const kind of [...kinds, 'sender', 'reconciler']) {
        const own = role(`keyward-${kind}`)
        const guardedUsers = [role('second-sender'), own]
        expect(() => synthesize({ ...guarded, guardedUsers })).toThrow(
          `guardedUsers: ${own} is a role of this stack (keyward)`,
        )
      }
    })

    describe('of a stack that only signs', () => {
      const signing = { policy: windows, sender: 'false' }
      const topic = 'arn:aws:sns:us-east-1:111122223333:alarms'
      const functionsIn = (template: Template) =>
        Object.entries(template.findResources('AWS::Lambda::Function'))
      const reconcilerIn = (template: Template) =>
        functionsIn(template).find(
          ([, { Properties }]) =>
            Properties.FunctionName === 'keyward-reconciler',
        )

      test('adds a reconciler without a key, which the clock starts', () => {
        const template = synthesize(signing)
        const [, { Properties } = {}] = reconcilerIn(template) ?? []
        expect(Properties.Environment.Variables).toEqual({
          ETH_NETWORK: 'local',
          GUARD_TABLE: { Ref: expect.stringMatching(/^Guard/) },
          LOG_LEVEL: 'INFO',
          POLICY_SHA256: expect.any(String),
        })
        const [name, { Properties: about } = {}] =
          Object.entries(template.findResources('AWS::IAM::Policy')).find(
            ([id]) => id.startsWith('SenderReconciler'),
          ) ?? []
        expect(name).toBeDefined()
        expect(
          about.PolicyDocument.Statement.map(({ Sid }: { Sid: string }) => Sid),
        ).toEqual(['WriteFromHereOnly', 'Log', 'CountWindows'])
        template.hasResourceProperties('AWS::Events::Rule', {
          ScheduleExpression: 'rate(1 minute)',
        })
        const tables = template.findResources('AWS::DynamoDB::GlobalTable')
        const [replica] = Object.values(tables)[0]?.Properties.Replicas ?? []
        const [writes] = replica.ResourcePolicy.PolicyDocument.Statement
        expect(writes.Condition.ArnNotEquals['aws:PrincipalArn']).toHaveLength(
          4,
        )
        expect(Object.keys(template.findOutputs('*'))).toEqual(
          expect.arrayContaining(['ReconcilerAdminArn', 'GuardTable']),
        )
      })

      test('lets administrators lift a halt, and has alarms', () => {
        const template = synthesize({ ...signing, alarmTopicArn: topic })
        template.hasResourceProperties('AWS::Lambda::Permission', {
          Principal: role('admin'),
        })
        const alarms = Object.values(
          template.findResources('AWS::CloudWatch::Alarm'),
        ).map(({ Properties }) => Properties.AlarmDescription)
        expect(alarms).toContain(
          'keyward-reconciler failed, and not because of its caller',
        )
        expect(alarms).toContain(
          'keyward-reconciler has not been started for ten minutes',
        )
        const rules = Object.keys(template.findResources('AWS::Events::Rule'))
        expect(rules.join()).toContain('ClockChanged')
      })

      test('is replaced by that of a sender', () => {
        const [before] = reconcilerIn(synthesize(signing)) ?? []
        const [after] = reconcilerIn(synthesize(guarded)) ?? []
        expect(before).toBeDefined()
        expect(after).toBe(before)
      })

      test('accepts others who count in the same table', () => {
        const [table] = Object.values(
          synthesize({
            ...signing,
            ledgerWriters: role('payer'),
          }).findResources('AWS::DynamoDB::GlobalTable'),
        )
        expect(JSON.stringify(table)).toContain(role('payer'))
        expect(() =>
          synthesize({ sender: 'false', ledgerWriters: role('payer') }),
        ).toThrow(/the stack doesn't send/)
      })

      test('has no reconciler if nothing is counted', () => {
        const template = synthesize({ sender: 'false' })
        expect(reconcilerIn(template)).toBeUndefined()
      })
    })

    test('may continue with an existing table', () => {
      const existing = { ...guarded, existingGuardTable: 'guard' }
      const template = synthesize(existing)
      expect(JSON.stringify(template)).toContain('"GUARD_TABLE":"guard"')
      expect(() => synthesize({ existingGuardTable: 'guard' })).toThrow(
        /the stack has no policy with spending windows/,
      )
    })
  })

  test.each([
    ['missing', join(folder, 'no.json'), /doesn't exist/],
    ['no JSON', import.meta.filename, /is not valid JSON/],
  ])('that is %s is refused', (_, policy, why) => {
    expect(() => synthesize({ policy })).toThrow(why)
  })
})
