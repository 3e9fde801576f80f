// Process start to handler ready and to the first signature, ours against a
// bundle of viem and the AWS SDK, less an empty script; all in turn.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { median } from './support/median.mjs'

const runs = 15
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const event = JSON.stringify({
  operation: 'sign',
  dst_address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  amount: '0.1',
  nonce: 0,
  type: 2,
  max_fee_per_gas: 30_000_000_000,
  max_priority_fee_per_gas: 1_000_000_000,
})

export async function measureColdStart(settings, nodes) {
  const folder = await mkdtemp(join(tmpdir(), 'keyward-cold-'))
  const peer = join(folder, 'viem-sdk.mjs')
  await build({
    entryPoints: [here('peers/viemSdkFunction.mjs')],
    outfile: peer,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  const bundles = {
    empty: undefined,
    keyward: here('../packages/lambda/dist/eip1559-signer.mjs'),
    peer,
  }
  const result = []
  for (const [node, execPath] of Object.entries(nodes)) {
    const times = { empty: [], keyward: [], peer: [] }
    for (let run = 0; run < runs; run++)
      for (const [id, bundle] of Object.entries(bundles))
        times[id].push(await driveOnce(execPath, bundle, settings))
    const at = (id, moment) => median(times[id].map((time) => time[moment]))
    const above = (id, moment) => at(id, moment) - at('empty', moment)
    result.push({
      node,
      emptyMs: at('empty', 'ready'),
      keyward: {
        readyMs: above('keyward', 'ready'),
        signedMs: above('keyward', 'signed'),
      },
      peer: {
        readyMs: above('peer', 'ready'),
        signedMs: above('peer', 'signed'),
      },
    })
  }
  const bytes = {
    keyward: (await stat(bundles.keyward)).size,
    peer: (await stat(peer)).size,
  }
  await rm(folder, { recursive: true, force: true })
  return { starts: result, bytes }
}

async function driveOnce(execPath, bundle, settings) {
  const args = [
    here('start/drive.mjs'),
    bundle ? pathToFileURL(bundle).href : '',
    event,
  ]
  const { stderr } = await promisify(execFile)(execPath, args, {
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: settings.endpoint,
      AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: settings.credentials.secretAccessKey,
      KMS_KEY_ID: settings.keyId,
      ETH_NETWORK: 'local',
      LOG_LEVEL: 'ERROR',
      NODE_NO_WARNINGS: '1',
    },
  })
  const time = JSON.parse(stderr)
  if (!time.ok) throw new Error(`${bundle} gave no signed transaction`)
  return time
}
