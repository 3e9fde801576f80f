import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../support/runCli.js'

/** Errors whose message names a page: BaseError's kin and the local home's. */
const named = ['HomeErrorCode', 'StackErrorCode']

/**
 * Every code that such an error is made with: the first argument of its
 * constructor or of its `super`, or a member of the codes' type.
 */
export function errorCodes(): string[] {
  const files = sources().map((path) =>
    ts.createSourceFile(
      path,
      readFileSync(path, 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    ),
  )
  const classes = new Set(files.flatMap((file) => find(file, readClass)))
  const codes = files.flatMap((file) =>
    find(file, (node) => readCode(node, classes)),
  )
  return [...new Set(codes)].sort()
}

function sources(): string[] {
  const packages = join(root, 'packages')
  return readdirSync(packages)
    .map((name) => join(packages, name, 'src'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .map((path) => join(folder, String(path)))
        .filter((path) => /(?<!\.(test|test-d|bench|d))\.ts$/.test(path)),
    )
}

function find(
  node: ts.Node,
  read: (node: ts.Node) => string | undefined,
): string[] {
  const found = read(node)
  const below: string[] = []
  ts.forEachChild(node, (child) => {
    below.push(...find(child, read))
  })
  return found === undefined ? below : [found, ...below]
}

function readClass(node: ts.Node): string | undefined {
  return ts.isClassDeclaration(node) && isBase(node)
    ? node.name?.text
    : undefined
}

function isBase(node: ts.ClassDeclaration): boolean {
  return (node.heritageClauses ?? []).some((clause) =>
    /extends BaseError\b/.test(clause.getText()),
  )
}

function readCode(node: ts.Node, classes: Set<string>): string | undefined {
  // `const { code = 'invalid-policy' } = options`
  if (
    ts.isBindingElement(node) &&
    node.name.getText() === 'code' &&
    node.initializer !== undefined &&
    ts.isStringLiteral(node.initializer)
  )
    return node.initializer.text
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
    const { parent } = node.parent
    const isCode =
      ts.isTypeAliasDeclaration(parent) && named.includes(parent.name.text)
    return isCode ? node.literal.text : undefined
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined
  const { expression } = node
  const makes =
    expression.kind === ts.SyntaxKind.SuperKeyword
      ? isInBase(node)
      : ts.isNewExpression(node) && classes.has(expression.getText())
  const first = node.arguments?.[0]
  if (!makes || first === undefined || !ts.isStringLiteral(first))
    return undefined
  return /^[a-z][a-z0-9]*(-[a-z]+)*$/.test(first.text) ? first.text : undefined
}

function isInBase(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent)
    if (ts.isClassDeclaration(at)) return isBase(at)
  return false
}
