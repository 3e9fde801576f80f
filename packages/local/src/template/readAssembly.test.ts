import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  signerTemplate,
  writeAssembly,
} from '../../../../test/support/signerAssembly.js'
import { readAssembly } from './readAssembly.js'

let folder = ''
let directory = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyward assembly test-'))
  directory = writeAssembly(join(folder, 'cdk.out'), signerTemplate())
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const problem = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return `${code}: ${message.replaceAll(directory, 'OUT')}`
  }
}
const write = (name: string, value: unknown) =>
  writeFileSync(
    join(directory, name),
    typeof value === 'string' ? value : JSON.stringify(value),
  )
const manifestOf = (names: string[]) => ({
  artifacts: Object.fromEntries(
    names.map((name) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'stack.template.json' },
      },
    ]),
  ),
})

test('has the stack, its template and its assets by their S3 key', () => {
  const assembly = readAssembly(directory)
  expect(assembly.stackName).toBe('signers')
  expect(assembly.template).toEqual(
    JSON.parse(JSON.stringify(signerTemplate())),
  )
  expect(assembly.asset('code.zip')).toEqual({
    path: join(directory, 'asset.code'),
  })
  expect(assembly.asset('other.zip')).toBe(undefined)
  expect(readAssembly(directory, { stackName: 'signers' }).stackName).toBe(
    'signers',
  )
})

test('is refused for what is missing or no assembly', () => {
  expect(problem(() => readAssembly(folder))).toBe(
    `assembly-invalid: ${folder}/manifest.json doesn't exist, so ${folder} is not an assembly from cdk synth.`,
  )
  rmSync(join(directory, 'asset.code'), { recursive: true })
  expect(problem(() => readAssembly(directory).asset('code.zip'))).toBe(
    'assembly-invalid: The assembly in OUT lacks "asset.code". Run cdk synth again.',
  )
  rmSync(join(directory, 'stack.template.json'))
  expect(problem(() => readAssembly(directory))).toBe(
    'assembly-invalid: The assembly in OUT lacks "stack.template.json". Run cdk synth again.',
  )
  write('stack.template.json', 'AWSTemplateFormatVersion: 2010-09-09\n')
  expect(problem(() => readAssembly(directory))).toBe(
    'assembly-invalid: OUT/stack.template.json is not valid JSON.',
  )
  write('stack.template.json', '{"Resources":{},"Resources":{}}')
  expect(problem(() => readAssembly(directory))).toBe(
    'assembly-invalid: OUT/stack.template.json is not valid JSON.',
  )
  write('manifest.json', [])
  expect(problem(() => readAssembly(directory))).toBe(
    'assembly-invalid: OUT/manifest.json lists no artifacts.',
  )
})

test('of several stacks needs one by name', () => {
  write('manifest.json', manifestOf([]))
  expect(problem(() => readAssembly(directory))).toBe(
    'assembly-invalid: OUT contains no stack.',
  )
  write('manifest.json', manifestOf(['a', 'b']))
  expect(problem(() => readAssembly(directory))).toBe(
    'assembly-invalid: OUT contains the stacks a, b. Choose one of them.',
  )
  expect(problem(() => readAssembly(directory, { stackName: 'c' }))).toBe(
    'assembly-invalid: OUT contains the stacks a, b. None of them is named "c".',
  )
  expect(readAssembly(directory, { stackName: 'b' }).stackName).toBe('b')
})

test('takes no file from elsewhere', () => {
  mkdirSync(join(folder, 'secret'))
  write('stack.assets.json', {
    files: {
      code: {
        source: { path: '../secret' },
        destinations: { here: { objectKey: 'code.zip' } },
      },
    },
  })
  expect(problem(() => readAssembly(directory).asset('code.zip'))).toBe(
    'assembly-invalid: "../secret" is outside the assembly in OUT.',
  )
})
