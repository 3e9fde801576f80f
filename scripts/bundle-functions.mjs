// The Lambda functions as they are deployed: one minified file each, which the
// local home runs unchanged.
import { readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { shakeWasm } from './build/shakeWasm.mjs'
import { root } from './setup/root.mjs'
import { writeAtomic } from './setup/writeAtomic.mjs'

/**
 * The functions, and the most bytes that each may have. A larger function
 * starts later; raise a figure only with the new one and a reason.
 *
 * @type {Readonly<Record<string, number>>}
 */
export const maxBytes = {
  // A key that knows typed data only, a gate, the chain, and 80 kB that
  // understand a Safe, of which 3 kB know rights that lending protocols and
  // modular accounts give away. A message of the Safe takes 23 kB: its typed data
  // is checked against its types, the kinds that move money are known, and so are
  // the words of those that may.
  cosigner: 255_000,
  // No key; it recovers signatures, and so has the engine.
  coordinator: 225_000,
  'eip1559-signer': 145_000,
  // No key: what all functions have, and a policy beside it.
  'guard-reconciler': 20_000,
  'legacy-signer': 145_000,
  // It hashes typed data and messages as well.
  'message-signer': 150_000,
  // A ledger, a chain and fees more than the signers have: some 60 kB; and 25 kB
  // of texts by which nodes refuse, and of the grammar that reads what no text is
  // there for; and what differs from chain to chain, and who gives out endpoints
  // their names. HTTP
  // on sockets is 4 kB more, in place of node:http, which takes longer to load;
  // the gate is 6 kB: what a policy, a purpose and a request are; who may come
  // by which alias, and what the log and the metrics say, is 2 kB. Which kept
  // connection is alive takes 1 kB, and which settings of a proxy are not heard
  // another. What a relayer is held to takes 7 kB: execTransaction is decoded;
  // to ask a policy that stands beside, 2 kB.
  // What a policy's windows have to be told of ends is 2 kB, and to repair rows
  // where the head cannot be read 1 kB.
  reconciler: 320_000,
  sender: 285_000,
}

/**
 * Those that may have a policy, and the most bytes that one may have together
 * with what reads it: all files but the policy itself. Decoders, the language and
 * the evaluator are 60 kB, and what counts windows in DynamoDB is 30; of those 2
 * tell that somebody rewrote the table, where it is looked after.
 *
 * @type {Readonly<Record<string, number>>}
 */
export const maxBytesWithPolicy = {
  // It also asks which dangers the policy names.
  cosigner: 325_000,
  'eip1559-signer': 230_000,
  'guard-reconciler': 162_000,
  'legacy-signer': 230_000,
  'message-signer': 230_000,
  reconciler: 420_000,
  sender: 382_000,
}

/**
 * @param {string} [outputFolder]
 * @returns {Promise<string[]>} paths within the folder: a file for each function,
 * and `with-policy/<name>/` for each that may have one
 */
export async function bundleFunctions(
  outputFolder = join(root, 'packages', 'lambda', 'dist'),
) {
  const alone = bundle(outputFolder, Object.keys(maxBytes))
  const withPolicy = Object.keys(maxBytesWithPolicy).map((name) =>
    bundleWithPolicy(join(outputFolder, 'with-policy', name), name),
  )
  const single = await alone
  const folders = await Promise.all(withPolicy)
  for (const file of single) assertSize([file], maxBytes[nameOf(file)] ?? 0)
  for (const [index, max] of Object.values(maxBytesWithPolicy).entries())
    assertSize(folders[index] ?? [], max)
  const files = [single, ...folders].flat()
  for (const { path, contents } of files) writeAtomic(path, contents)
  return files.map(({ path }) => relative(outputFolder, path))
}

/**
 * @param {string} outdir
 * @param {readonly string[]} names
 */
const bundle = (outdir, names) =>
  build({
    outdir,
    entryPoints: names.map((name) => ({ in: fileOf(name), out: name })),
    plugins: [packEngine('inline'), foldConstants],
  })

/**
 * What both need stands in a file that both import.
 *
 * @param {string} outdir
 * @param {string} name
 */
const bundleWithPolicy = (outdir, name) =>
  build({
    outdir,
    entryPoints: [
      { in: fileOf(name), out: 'index' },
      { in: fileOf(policyOf(name)), out: 'policy' },
    ],
    splitting: true,
    chunkNames: 'shared-[hash]',
    assetNames: '[name]-[hash]',
    plugins: [packEngine('file'), foldConstants],
  })

/**
 * Where a reconciler looks after the windows, the signers ask whether to sign and
 * no more.
 *
 * @param {string} name
 */
function policyOf(name) {
  return name.endsWith('-signer') ? 'signer-policy' : 'policy'
}

/** @param {import('esbuild').BuildOptions} options */
async function build(options) {
  const esbuild = await import('esbuild')
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@keyward/source'],
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    ...options,
    write: false,
  })
  return outputFiles
}

/** @param {string} name */
function fileOf(name) {
  return join(root, 'packages', 'lambda', 'src', 'functions', `${name}.ts`)
}

/** @param {import('esbuild').OutputFile} file */
function nameOf({ path }) {
  return basename(path, '.mjs')
}

/**
 * @param {readonly import('esbuild').OutputFile[]} files
 * @param {number} max
 */
function assertSize(files, max) {
  const bytes = files.reduce((sum, { contents }) => sum + contents.length, 0)
  if (bytes > max)
    throw new Error(
      `${files[0]?.path} has ${bytes} bytes${files.length > 1 ? ' with those beside it' : ''}; ${max} are allowed.`,
    )
}

/** Of libsecp256k1, what recovers a public key: functions sign by KMS. */
const engineExports = [
  ...['memory', 'heap_base', 'zero'],
  ...['secp256k1_init', 'secp256k1_randomize', 'secp256k1_recover_public_key'],
]

/**
 * libsecp256k1 comes as 124 kB of base64; what is needed of it compresses to
 * 29. Unpacking takes less than 1 ms at start.
 *
 * @param {'inline' | 'file'} where `inline` makes a third more of it
 * @returns {import('esbuild').Plugin}
 */
const packEngine = (where) => ({
  name: 'pack-engine',
  setup({ onLoad, onResolve }) {
    const filter =
      /[\\/]ox[\\/]dist[\\/]wasm[\\/]internal[\\/]secp256k1\.wasm\.js$/
    onLoad({ filter }, async ({ path }) => {
      const packed = await pack(path)
      const bytes =
        where === 'inline'
          ? `Buffer.from('${packed.toString('base64')}', 'base64')`
          : 'readFileSync(new URL(file, import.meta.url))'
      const imports =
        where === 'inline'
          ? ''
          : "import { readFileSync } from 'node:fs'; import file from 'engine.br'"
      return {
        contents: `import { brotliDecompressSync } from 'node:zlib'
          ${imports}
          export const wasmBase64 = brotliDecompressSync(${bytes}).toString('base64')`,
      }
    })
    const wrapper = /[\\/]ox[\\/]dist[\\/]wasm[\\/]Secp256k1\.js$/
    onLoad({ filter: wrapper }, ({ path }) => ({
      contents: shakeWrapper(path),
    }))
    onResolve({ filter: /^engine\.br$/ }, ({ path, importer }) => ({
      ...{ path, namespace: 'engine' },
      pluginData: importer,
    }))
    onLoad({ filter: /./, namespace: 'engine' }, async ({ pluginData }) => ({
      contents: await pack(pluginData),
      loader: 'file',
    }))
  },
})

/**
 * What calls the functions that are dropped goes with them.
 *
 * @param {string} path
 */
function shakeWrapper(path) {
  const source = readFileSync(path, 'utf8')
  return ['getPublicKey', 'getSharedSecret', 'sign', 'verify'].reduce(
    (text, name) => {
      const method = new RegExp(`^ {8}${name}\\(.*?^ {8}\\},\\n`, 'ms')
      if (!method.test(text)) throw new Error(`${path} has no ${name}.`)
      return text.replace(method, '')
    },
    source,
  )
}

/** @type {Promise<Buffer> | undefined} */
let packing

/**
 * Once for all builds: it takes most of their time.
 *
 * @param {string} path
 */
function pack(path) {
  packing ??= packOnce(path)
  return packing
}

/** @param {string} path */
async function packOnce(path) {
  const { wasmBase64 } = await import(pathToFileURL(path).href)
  const engine = shakeWasm(Buffer.from(wasmBase64, 'base64'), engineExports)
  const params = { [constants.BROTLI_PARAM_LGWIN]: 17 }
  return brotliCompressSync(engine, { params })
}

/**
 * ox computes 64 limits of Solidity's integers by powers, which a bundler has to
 * keep; it drops those that are not used when they are written as numbers.
 *
 * @type {import('esbuild').Plugin}
 */
const foldConstants = {
  name: 'fold-constants',
  setup(build) {
    const filter = /[\\/]ox[\\/]dist[\\/]core[\\/]Solidity\.js$/
    build.onLoad({ filter }, async ({ path }) => {
      const constants = Object.entries(await import(pathToFileURL(path).href))
      const lines = constants.map(([name, value]) => {
        const literal = typeof value === 'bigint' ? `${value}n` : String(value)
        return `export const ${name} = ${literal}`
      })
      return { contents: lines.join('\n') }
    })
  },
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const path of await bundleFunctions()) console.log(path)
