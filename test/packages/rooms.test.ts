import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { root } from '../support/runCli.js'

// Other doors than the command line use these rooms: they notify, ask and answer
// data, and a terminal, an exit code or arguments are never theirs.

const streams = ['stdout', 'stderr', 'stdin', 'argv', 'exit', 'exitCode']
const modules = /^(?:commander$|(?:node:)?(?:readline|tty|process)\b)/

/** Reads a password from a descriptor that is given, which may be a terminal. */
const allowed = ['keyfile/src/secret/readFromDescriptor.ts: node:tty']

function sourcesOf(room: string): string[] {
  const folder = join('packages', room, 'src')
  return readdirSync(join(root, folder), { recursive: true })
    .map((path) => join(folder, String(path)))
    .filter((path) => /(?<!\.test)\.ts$/.test(path))
}

function findUses(path: string): string[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(root, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const uses: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteral(node) && modules.test(node.text)) {
      const { parent } = node
      if (ts.isImportDeclaration(parent) || ts.isCallExpression(parent))
        uses.push(node.text)
    }
    if (
      ts.isPropertyAccessExpression(node) &&
      node.expression.getText() === 'process' &&
      streams.includes(node.name.text)
    )
      uses.push(node.getText())
    if (ts.isIdentifier(node) && node.text === 'console') uses.push('console')
    ts.forEachChild(node, visit)
  }
  visit(file)
  return uses.map((use) => `${path.replace('packages/', '')}: ${use}`)
}

test.each(['toolkit', 'guard', 'iam', 'keyfile', 'safe'])(
  '%s has no terminal',
  (room) => {
    const sources = sourcesOf(room)
    expect(sources.length).toBeGreaterThan(10)
    expect(
      sources.flatMap(findUses).filter((use) => !allowed.includes(use)),
    ).toEqual([])
  },
)

test('the scan sees what it looks for', () => {
  const uses = sourcesOf('cli').flatMap(findUses)
  expect(uses).toContain('cli/src/main.ts: process.exit')
  expect(uses).toContain('cli/src/main.ts: commander')
  expect(uses).toContain('cli/src/terminal/askSecret.ts: node:tty')
})
