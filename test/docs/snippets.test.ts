import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../support/runCli.js'

type Snippet = { place: string; path: string; line: number; code: string }

/** Where the snippets are taken to stand, so that imports resolve as there. */
const folder = join(root, 'test', 'docs', 'snippets')

function readSnippets(): Snippet[] {
  const packages = readdirSync(join(root, 'packages')).map(
    (name) => `packages/${name}/README.md`,
  )
  const docs = readdirSync(join(root, 'docs'), { recursive: true })
    .map((path) => `docs/${path}`)
    .filter((path) => path.endsWith('.md'))
  return ['README.md', ...docs, ...packages].flatMap((page) => {
    const text = readIfThere(page)
    return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match, index) => {
      const line = text.slice(0, match.index).split('\n').length
      const name = `${page.replace(/\W/g, '_')}_${index}.ts`
      return {
        place: `${page}:${line}`,
        path: join(folder, name),
        line,
        // Two snippets never share their names: each is a module.
        code: `${match[1]}\nexport {}\n`,
      }
    })
  })
}

function readIfThere(page: string): string {
  try {
    return readFileSync(join(root, page), 'utf8')
  } catch {
    // A package of which only the folder is here yet has no README.
    return ''
  }
}

/** Its index has 40 MB of types with it, of services that nothing here uses. */
const paths = { 'aws-cdk-lib': ['./node_modules/aws-cdk-lib/core/index.d.ts'] }

/** What TypeScript says about the snippets, by their place in the docs. */
function check(snippets: readonly Snippet[]): string[] {
  const { config } = ts.readConfigFile(
    join(root, 'tsconfig.json'),
    ts.sys.readFile,
  )
  const { options } = ts.parseJsonConfigFileContent(
    { compilerOptions: { ...config.compilerOptions, paths }, files: [] },
    ts.sys,
    root,
  )
  const byPath = new Map(snippets.map((snippet) => [snippet.path, snippet]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => byPath.has(path) || fileExists(path)
  host.readFile = (path) => byPath.get(path)?.code ?? readFile(path)
  // The options that come hold that the snippet is an ES module.
  host.getSourceFile = (path, languageOptions, ...rest) => {
    const code = byPath.get(path)?.code
    return code === undefined
      ? getSourceFile(path, languageOptions, ...rest)
      : ts.createSourceFile(path, code, languageOptions, true)
  }
  const program = ts.createProgram([...byPath.keys()], options, host)
  return snippets.flatMap((snippet) => {
    const file = program.getSourceFile(snippet.path)
    if (file === undefined) return [`${snippet.place} was not read`]
    return [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ].map(({ start = 0, messageText }) => {
      const { line } = file.getLineAndCharacterOfPosition(start)
      const text = ts.flattenDiagnosticMessageText(messageText, ' ')
      return `${snippet.place.replace(/\d+$/, String(snippet.line + 1 + line))} ${text}`
    })
  })
}

describe('TypeScript in the documentation', () => {
  const snippets = readSnippets()
  const code =
    "import { Message } from '@keyward/core'\nMessage.nothing()\nexport {}\n"
  const wrong = { place: 'x.md:10', path: join(folder, 'wrong.ts'), line: 10 }
  let said: string[]
  beforeAll(() => {
    // One program, which reads the types of what is imported once.
    said = check([...snippets, { ...wrong, code }])
  })
  const isOfWrong = (line: string) => line.startsWith('x.md:')

  test('compiles', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(8)
    expect(snippets.map(({ place }) => place.split(':')[0])).toContain(
      'README.md',
    )
    expect(said.filter((line) => !isOfWrong(line))).toEqual([])
  })

  test('is looked at: a wrong line is found, by its place', () => {
    expect(said.filter(isOfWrong)).toEqual([
      expect.stringMatching(/^x\.md:12 Property 'nothing' does not exist on/),
    ])
  })
})
