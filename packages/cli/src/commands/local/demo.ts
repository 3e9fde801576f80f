import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalHome } from '@keyward/local'
import { note } from '@keyward/toolkit'
import type { DemoResult } from '@keyward/toolkit/home'
import { devAssembly } from '../../devAssembly.js'
import { printResult } from '../../output/Result.js'
import { define } from '../../program/define.js'
import { choice, defaulting, toggle } from '../../program/Input.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { listenForStop, StoppedError } from '../../terminal/untilStopped.js'

export const demoCommand = define('demo', {
  description: 'sign and mine two transactions in a temporary local home',
  takes: {
    stay: toggle('--stay', 'keep everything running until Ctrl-C'),
    service: defaulting(
      choice(
        '--service <service>',
        "where the key is: the home's KMS, or a SoftHSM2 token",
        ['kms', 'pkcs11'],
      ),
      'kms',
    ),
  },
  json: 'print one line of JSON at the end',
  help: 'Needs no AWS account, and leaves nothing behind.',
  examples: [
    'keyward demo',
    'keyward demo --stay',
    'keyward demo --json',
    'keyward demo --service pkcs11',
  ],
  async run(terminal, options) {
    await runDemo(terminal, options)
    return undefined
  },
})

/**
 * Sends two transactions from scratch and explains each step. Uses a home in a
 * temporary folder, which is always removed afterwards.
 *
 * With `json`, the explanation goes to stderr, and stdout gets one line.
 */
async function runDemo(
  terminal: Terminal,
  options: { stay: boolean; json: boolean; service: 'kms' | 'pkcs11' },
): Promise<void> {
  const { createLocalHome } = await import('@keyward/local')
  const demo = await import('@keyward/toolkit/home')
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
    // Ctrl-C ends the demo at once. Closing the home ends anything that the
    // demo is waiting for.
    const data = await Promise.race([
      flow(),
      stop.asked.then((signal) => {
        throw new StoppedError(signal)
      }),
    ])
    if (!options.stay) await close()
    say(
      options.stay
        ? `\n${demo.stayText(dataDir)}`
        : `\nEverything is stopped, and the demo's folder is deleted.\n\n${demo.nextStepsText()}`,
    )
    if (options.json) await printResult(terminal, { data, text: '' }, true)
    if (options.stay) await stop.asked
  } catch (error) {
    const { AwsCallError } = await import('@keyward/toolkit/aws')
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
    return () => demo.runFlow(started, say)
  }

  async function startToken(): Promise<() => Promise<DemoResult>> {
    const token = await demo.openDemoToken(join(dataDir, 'token'))
    say('1. Starting a chain on this machine, and a SoftHSM2 token.')
    home = await createLocalHome({
      ...{ dataDir: join(dataDir, 'home'), port: 0, chain: { port: 0 } },
    })
    const { rpcUrl } = home
    if (rpcUrl === undefined) throw new Error('The chain did not start.')
    return () => demo.runTokenFlow(rpcUrl, token, say)
  }

  async function close(): Promise<void> {
    const running = home
    home = undefined
    await running?.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}
