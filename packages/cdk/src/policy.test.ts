import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { createApp } from './createApp.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward policy '))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'policy.json')
const text = '{"version":1,"rules":[]}'
writeFileSync(file, text)
const sha256 = createHash('sha256').update(text).digest('hex')

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'
// What is staged goes with it: a worker that is killed removes nothing.
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
  test('stands beside each function that signs, which knows its hash', () => {
    const functions = synthesize({}).findResources('AWS::Lambda::Function')
    const hashes = Object.values(functions).map(
      ({ Properties }) => Properties.Environment.Variables.POLICY_SHA256,
    )
    expect(hashes).toEqual(Array(5).fill(sha256))
  })

  test('is refused when the file is another one than was meant', () => {
    expect(() => synthesize({ policySha256: sha256 })).not.toThrow()
    expect(() => synthesize({ policySha256: 'f'.repeat(64) })).toThrow(
      /policy: .* has changed since it was deployed/,
    )
  })

  test('is refused beside users who would sign around it', () => {
    expect(() => synthesize({ users })).toThrow(/unguardedUsers/)
    expect(() => synthesize({ users, unguardedUsers: 'true' })).not.toThrow()
  })

  describe('with windows', () => {
    const rule = { id: 'pay', chains: [1], payment: {}, windows: ['day'] }
    const windows = join(folder, 'windows.json')
    writeFileSync(windows, JSON.stringify({ version: 1, rules: [rule] }))
    const guarded = { policy: windows, rpcUrl: 'https://node.example' }

    test('has a table that all functions count in, and nobody else', () => {
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

    test('may go on with a table that there is', () => {
      const existing = { ...guarded, existingGuardTable: 'guard' }
      const template = synthesize(existing)
      expect(JSON.stringify(template)).toContain('"GUARD_TABLE":"guard"')
      expect(() => synthesize({ existingGuardTable: 'guard' })).toThrow(
        /no rule of the policy has windows/,
      )
    })
  })

  test.each([
    ['missing', join(folder, 'no.json'), /there is no file/],
    ['no JSON', import.meta.filename, /is not JSON/],
  ])('that is %s is refused', (_, policy, why) => {
    expect(() => synthesize({ policy })).toThrow(why)
  })
})
