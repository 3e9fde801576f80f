// Bundles the Lambda functions for deployment, each into one minified file,
// which the local home runs unchanged.
import { readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { shakeWasm } from './build/shakeWasm.mjs'
import { root } from './setup/root.mjs'
import { writeAtomic } from './setup/writeAtomic.mjs'

/**
 * The functions, with the size limit of each in bytes. A larger function starts
 * more slowly. Raise a limit only together with its reason.
 *
 * @type {Readonly<Record<string, number>>}
 */
export const maxBytes = {
  // A key that signs only typed data, a gate, the chain, and 80 kB for Safes,
  // of which 3 kB cover rights that lending protocols and modular accounts give
  // away. Safe messages take 24 kB: typed data is checked against its types,
  // and kinds that move money, or whose words suggest it, are recognized. In
  // all functions, advice on refusals by AWS and by nodes takes 1 to 2 kB.
  cosigner: 263_000,
  // No key, but the engine, because it recovers signatures. It simulates as a
  // co-signer does: current fees in every way to simulate take 600 bytes,
  // amounts that spenders took from their approvals 2 kB, and Permit2's
  // approvals 500 bytes. 5 kB decide which proposer may close or reopen a
  // proposal, and prevent a proposer from flooding the others.
  coordinator: 238_000,
  'eip1559-signer': 145_000,
  // No key, only the code that all functions share, and a separate policy.
  'guard-reconciler': 20_000,
  'legacy-signer': 145_000,
  // Compared with the other signers, it also hashes typed data and messages.
  'message-signer': 150_000,
  // Compared with the signers, it adds about 60 kB for a ledger, a chain and
  // fees; 25 kB for the texts with which nodes refuse, a grammar for other
  // texts, differences between chains, and provider names. HTTP over sockets
  // takes 4 kB, but node:http would load more slowly. The gate takes 6 kB for
  // policies, purposes and requests; caller aliases, logs and metrics take 2
  // kB. Checks of kept connections take 1 kB, and detecting ignored proxy
  // settings takes another. A relayer's rules take 7 kB, because they decode
  // execTransaction; a separate policy takes 2 kB. Reporting final outcomes to
  // a policy's windows takes 2 kB, and repairs without a readable head 1 kB.
  // A log line for each signature takes 500 bytes, and so do the checks of a
  // webhook's host and of texts from the ledger.
  reconciler: 327_000,
  sender: 291_000,
}

/**
 * The functions that may have a policy, with the size limit of each together
 * with the policy's reader: all files except the policy. Decoders, the language
 * and the evaluator take 60 kB. Counting windows in DynamoDB takes 30 kB, of
 * which 2 kB, in functions that maintain the table, report that somebody
 * rewrote it.
 *
 * @type {Readonly<Record<string, number>>}
 */
export const maxBytesWithPolicy = {
  // It also reads the dangers that the policy names. Checking the amounts that
  // spenders took from their approvals, and the parts that a message may have,
  // takes 3 kB. The coordinator's part of the table of proposals takes another
  // 3 kB.
  cosigner: 334_000,
  'eip1559-signer': 237_000,
  'guard-reconciler': 167_000,
  'legacy-signer': 237_000,
  'message-signer': 237_000,
  // Its notices are sentences that stand alone.
  reconciler: 436_000,
  sender: 386_000,
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
 * Puts shared code into a file that both bundles import.
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
 * If a reconciler maintains the windows, the signers only ask whether to sign.
 * The sender and the co-signers also ask for the spent amounts or the named
 * dangers.
 *
 * @param {string} name
 */
function policyOf(name) {
  if (name === 'sender' || name === 'cosigner') return 'sender-policy'
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
      `${files[0]?.path} has ${bytes} bytes${files.length > 1 ? ' with its companion files' : ''}. Allowed: ${max}.`,
    )
}

/**
 * The exports of libsecp256k1 that recover a public key. Functions sign with
 * KMS.
 */
const engineExports = [
  ...['memory', 'heap_base', 'zero'],
  ...['secp256k1_init', 'secp256k1_randomize', 'secp256k1_recover_public_key'],
]

/**
 * libsecp256k1 is distributed as 124 kB of base64. The needed part compresses
 * to 29 kB. Unpacking takes less than 1 ms at start.
 *
 * @param {'inline' | 'file'} where `inline` makes it a third larger
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
 * Code that calls the dropped functions is dropped too.
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
 * Runs once for all builds, because it takes most of their time.
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
 * ox computes 64 limits of Solidity's integers as powers, which a bundler must
 * keep. If they are written as numbers, unused ones are dropped.
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
