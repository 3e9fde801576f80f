import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalHome, type LocalHome } from '@keyward/local'
import { note } from '@keyward/toolkit'
import { AwsCallError } from '@keyward/toolkit/aws'
import { devAssembly } from '../../devAssembly.js'
import { printResult } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { listenForStop, StoppedError } from '../../terminal/untilStopped.js'
import { nextStepsText, stayText } from './demo/nextSteps.js'
import { type DemoResult, runFlow } from './demo/runFlow.js'

/**
 * From nothing to two mined transactions, explained step by step, on a home
 * in a temporary folder that is gone afterwards, whatever happens.
 *
 * With `json` the explanation goes to stderr and stdout has one line.
 */
export async function runDemo(
  terminal: Terminal,
  options: { stay: boolean; json: boolean; service: 'kms' | 'pkcs11' },
): Promise<void> {
  const stop = listenForStop()
  const say = (text: string) => {
    if (options.json) note(terminal, text)
    else terminal.stdout.write(`${text}\n`)
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward-demo-'))
  let home: LocalHome | undefined
  try {
    const start = options.service === 'pkcs11' ? startToken : startKms
    const flow = await start()
    // Ctrl-C ends the demo at once; closing the home ends what it waits for.
    const result = await Promise.race([
      flow(),
      stop.asked.then((signal) => {
        throw new StoppedError(signal)
      }),
    ])
    if (!options.stay) await close()
    if (options.stay) {
      say(`\n${stayText(dataDir)}`)
      await finish(result)
      await stop.asked
    } else {
      say(`\nEverything is stopped, and its folder is removed.`)
      say(`\n${nextStepsText()}`)
      await finish(result)
    }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    await close()
    stop.dispose()
  }

  async function startKms(): Promise<() => Promise<DemoResult>> {
    const assembly = await devAssembly(say)
    say(`1. Starting AWS KMS, AWS Lambda and a chain on this machine.`)
    const chain = { port: 0 }
    const started = await createLocalHome({ dataDir, port: 0, chain, assembly })
    home = started
    return () => runFlow(started, say)
  }

  async function startToken(): Promise<() => Promise<DemoResult>> {
    const { openDemoToken } = await import('./demo/openDemoToken.js')
    const { runTokenFlow } = await import('./demo/runTokenFlow.js')
    const token = await openDemoToken(join(dataDir, 'token'))
    say(`1. Starting a chain on this machine, beside a token of SoftHSM2.`)
    home = await createLocalHome({
      ...{ dataDir: join(dataDir, 'home'), port: 0, chain: { port: 0 } },
    })
    const { rpcUrl } = home
    if (rpcUrl === undefined) throw new Error('The chain did not come up.')
    return () => runTokenFlow(rpcUrl, token, say)
  }

  async function close(): Promise<void> {
    const running = home
    home = undefined
    await running?.close()
    await rm(dataDir, { recursive: true, force: true })
  }

  async function finish(result: DemoResult): Promise<void> {
    if (options.json)
      await printResult(terminal, { data: result, text: '' }, true)
  }
}
