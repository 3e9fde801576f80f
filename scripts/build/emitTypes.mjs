import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from '../setup/root.mjs'
import { writeAtomic } from '../setup/writeAtomic.mjs'

/** @typedef {{ folder: string, name: string, needs: string[] }} Typed */

/**
 * Emits the declarations of every package whose exports include types.
 *
 * @param {string} temporaryFolder for files that are being written
 * @returns {Promise<string[]>} the declarations, relative to the root
 * @throws {Error} with tsc's errors
 */
export async function emitTypes(temporaryFolder) {
  const { default: ts } = await import('typescript')
  const readSource = createSourceReader(ts)
  return inOrder(typedPackages()).flatMap(({ folder }) =>
    emit(ts, folder, temporaryFolder, readSource),
  )
}

/**
 * Reads files that packages share, such as the AWS SDK's declarations, only
 * once.
 *
 * @param {typeof import('typescript')} ts
 * @returns {import('typescript').CompilerHost['getSourceFile']}
 */
function createSourceReader(ts) {
  const host = ts.createCompilerHost({})
  /** @type {Map<string, import('typescript').SourceFile | undefined>} */
  const common = new Map()
  return (path, ...rest) => {
    if (!path.includes('/node_modules/'))
      return host.getSourceFile(path, ...rest)
    if (!common.has(path)) common.set(path, host.getSourceFile(path, ...rest))
    return common.get(path)
  }
}

/** @returns {Typed[]} */
function typedPackages() {
  const packages = join(root, 'packages')
  return readdirSync(packages)
    .sort()
    .map((name) => join(packages, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .flatMap((folder) => {
      const text = readFileSync(join(folder, 'package.json'), 'utf8')
      const { name, dependencies } = JSON.parse(text)
      if (!text.includes('"types"')) return []
      return { folder, name, needs: Object.keys(dependencies ?? {}) }
    })
}

/**
 * Orders packages so that each uses its siblings' declarations, not their
 * sources, which tsc would emit a second time.
 *
 * @param {Typed[]} packages
 * @returns {Typed[]}
 */
function inOrder(packages) {
  /** @type {Typed[]} */
  const done = []
  /** @param {Typed} next */
  const visit = (next) => {
    if (done.includes(next)) return
    packages.filter(({ name }) => next.needs.includes(name)).forEach(visit)
    done.push(next)
  }
  packages.forEach(visit)
  return done
}

/**
 * @param {typeof import('typescript')} ts
 * @param {string} folder
 * @param {string} temporaryFolder
 * @param {import('typescript').CompilerHost['getSourceFile']} getSourceFile
 */
function emit(ts, folder, temporaryFolder, getSourceFile) {
  const base = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    {
      compilerOptions: {
        ...base.config.compilerOptions,
        customConditions: [],
        noEmit: false,
        allowJs: false,
        checkJs: false,
        declaration: true,
        declarationMap: true,
        emitDeclarationOnly: true,
        rootDir: join(folder, 'src'),
        outDir: join(folder, 'dist'),
      },
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/**/*.test-d.ts', 'src/**/*.bench.ts'],
    },
    ts.sys,
    folder,
  )
  const host = { ...ts.createCompilerHost(options), getSourceFile }
  const program = ts.createProgram(fileNames, options, host)
  /** @type {string[]} */
  const outputs = []
  const { diagnostics } = program.emit(undefined, (path, text) => {
    writeAtomic(path, text, temporaryFolder)
    outputs.push(relative(root, path))
  })
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (problems.length === 0) return outputs
  throw new Error(
    ts.formatDiagnostics(problems, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  )
}
