// The Lambda functions as they are deployed: one minified file each, which the
// local home runs unchanged.
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { root } from './setup/root.mjs'
import { writeAtomic } from './setup/writeAtomic.mjs'

/**
 * The functions, and the most bytes that each may have. A larger function
 * starts later; raise a figure only with the new one and a reason.
 *
 * @type {Readonly<Record<string, number>>}
 */
export const maxBytes = {
  // The signers' key and gate, the chain, and 80 kB that understand a Safe, of
  // which 3 kB know rights that lending protocols and modular accounts give away.
  cosigner: 255_000,
  // No key; it recovers signatures, and so has the engine.
  coordinator: 235_000,
  'eip1559-signer': 180_000,
  // No key: what all functions have, and a policy beside it.
  'guard-reconciler': 20_000,
  'legacy-signer': 180_000,
  // It hashes typed data and messages as well.
  'message-signer': 190_000,
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
  // Beside functions that have a policy: decoders, the language, the evaluator,
  // and 37 kB that count windows and ask DynamoDB.
  policy: 145_000,
  // What a policy's windows have to be told of ends is 2 kB, and to repair rows
  // where the head cannot be read 1 kB.
  reconciler: 327_000,
  sender: 290_000,
}
const names = Object.keys(maxBytes)

/**
 * @param {string} [outputFolder]
 * @returns {Promise<string[]>} paths of the bundles
 */
export async function bundleFunctions(
  outputFolder = join(root, 'packages', 'lambda', 'dist'),
) {
  const esbuild = await import('esbuild')
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({
      in: join(root, 'packages', 'lambda', 'src', 'functions', `${name}.ts`),
      out: name,
    })),
    outdir: outputFolder,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@keyward/source'],
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [compressWasm, foldConstants],
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  const paths = []
  for (const { path, contents } of result.outputFiles) {
    const allowed = maxBytes[basename(path, '.mjs')] ?? 0
    if (contents.length > allowed)
      throw new Error(
        `${path} has ${contents.length} bytes; ${allowed} are allowed.`,
      )
    writeAtomic(path, contents)
    paths.push(path)
  }
  return paths
}

/**
 * libsecp256k1 comes as 124 kB of base64; most of it is tables that compress
 * to 47. Unpacking takes less than 1 ms at start.
 *
 * @type {import('esbuild').Plugin}
 */
const compressWasm = {
  name: 'compress-wasm',
  setup(build) {
    const filter =
      /[\\/]ox[\\/]dist[\\/]wasm[\\/]internal[\\/]secp256k1\.wasm\.js$/
    build.onLoad({ filter }, async ({ path }) => {
      const { wasmBase64 } = await import(pathToFileURL(path).href)
      const packed = brotliCompressSync(Buffer.from(wasmBase64, 'base64'), {
        params: { [constants.BROTLI_PARAM_LGWIN]: 17 },
      })
      return {
        contents: `import { brotliDecompressSync } from 'node:zlib'
          export const wasmBase64 = brotliDecompressSync(
            Buffer.from('${packed.toString('base64')}', 'base64'),
          ).toString('base64')`,
      }
    })
  },
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
