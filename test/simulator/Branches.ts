import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

/** A place that a run takes or does not, and whether any run did. */
export type Branch = { file: string; text: string; isTaken: boolean }

/** Whose every branch a soak is to take. */
const rooms = /^packages\/sender\/src\/(?:transaction|reconcile|nonce)\//

/**
 * What became of the branches of a bundle, by what its processes wrote into
 * `folder` as `NODE_V8_COVERAGE`.
 */
export function read(program: string, folder: string): Branch[] {
  const text = readFileSync(program, 'utf8')
  const taken = readTaken(text.length, pathToFileURL(program).href, folder)
  const files = readFiles(text)
  const source = ts.createSourceFile(program, text, ts.ScriptTarget.Latest)
  const branches: Branch[] = []
  const add = (node: ts.Node) => {
    const start = node.getStart(source)
    const { file } = files.findLast((one) => one.start <= start) ?? { file: '' }
    if (!rooms.test(file)) return
    const [line = ''] = text.slice(start).split('\n')
    const isTaken = taken[start] === 1
    branches.push({ file, text: line.trim().slice(0, 100), isTaken })
  }
  const visit = (node: ts.Node): void => {
    for (const one of branchesOf(node)) add(one)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return branches
}

/** How many were taken, and which were not. */
export function print(branches: readonly Branch[]): string {
  const left = branches.filter(({ isTaken }) => !isTaken)
  const lines = left.map(({ file, text }) => `${file}: ${text}`)
  const count = branches.length - left.length
  return [`${count} of ${branches.length} branches; not taken:`, ...lines].join(
    '\n',
  )
}

/** Of a conditional, what is done in one case and not in the other. */
function branchesOf(node: ts.Node): ts.Node[] {
  if (ts.isIfStatement(node))
    return [node.thenStatement, node.elseStatement ?? []].flat()
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse]
  if (ts.isCatchClause(node)) return [node.block]
  if (ts.isCaseOrDefaultClause(node)) return node.statements.slice(0, 1)
  if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
    return [node.body as ts.Node]
  return isChoice(node) ? [node.right] : []
}

function isChoice(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    [
      ts.SyntaxKind.AmpersandAmpersandToken,
      ts.SyntaxKind.BarBarToken,
      ts.SyntaxKind.QuestionQuestionToken,
    ].includes(node.operatorToken.kind)
  )
}

/** esbuild says before each module where it comes from. */
function readFiles(text: string): { file: string; start: number }[] {
  return [...text.matchAll(/^\/\/ (\S+\.ts)$/gm)].map((found) => ({
    file: found[1] ?? '',
    start: found.index,
  }))
}

type Range = { startOffset: number; endOffset: number; count: number }
type Profile = {
  result: { url: string; functions: { ranges: Range[] }[] }[]
}

/** For each character, whether any process came there. */
function readTaken(length: number, url: string, folder: string): Uint8Array {
  const taken = new Uint8Array(length)
  for (const name of readdirSync(folder)) {
    const profile: Profile = JSON.parse(
      readFileSync(join(folder, name), 'utf8'),
    )
    const here = new Uint8Array(length)
    // Outer ranges come first, and inner ones say more.
    for (const script of profile.result.filter((one) => one.url === url))
      for (const { ranges } of script.functions)
        for (const { startOffset, endOffset, count } of ranges)
          here.fill(count > 0 ? 1 : 0, startOffset, endOffset)
    for (let at = 0; at < length; at++) taken[at] ||= here[at] ?? 0
  }
  return taken
}
