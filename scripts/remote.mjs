// npm run remote: deploy -> status -> sign -> destroy in a real account. It
// shows the cost first and always cleans up. When run against the local home,
// it is a rehearsal.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { root } from './setup/root.mjs'

const bin = join(root, 'packages', 'cli', 'bin', 'keyward.mjs')
const stack = `keyward-remote-${randomBytes(3).toString('hex')}`

const { values: options } = parseArgs({
  options: {
    'break-glass-profile': { type: 'string' },
    network: { type: 'string', default: 'sepolia' },
    yes: { type: 'boolean', short: 'y', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const usage = `npm run remote -- [--break-glass-profile PROFILE] [--network sepolia] [--yes]

Deploys the stack ${stack} in the account of your AWS credentials, checks its
status, signs a transaction that is never sent, and destroys the stack. The
profile (default: AWS_PROFILE) becomes the key's break-glass role, which
schedules its deletion. The account must be bootstrapped for the CDK.`

const cost = `Cost in US dollars:
  a KMS key          1.00 a month, from its creation until its deletion
                     is scheduled: minutes, so about 0.001
  KMS requests       0.15 for 10,000: about 10 of them, so under 0.001
  Lambda, S3, logs   within the free tier; outside it under 0.001
If the cleanup fails, the key costs 1.00 a month until you delete it. The last
lines of the output say how.`

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
if (options.help) console.log(usage)
else
  process.exitCode = await main().catch((error) => {
    console.error(error instanceof Error ? error.message : String(error))
    return 1
  })

/** @returns {Promise<number>} the exit code */
async function main() {
  const profile = options['break-glass-profile'] ?? process.env.AWS_PROFILE
  const caller = await identify(undefined)
  if (profile === undefined)
    throw new Error(
      'Set the profile of the role that may delete the key with ' +
        '--break-glass-profile or AWS_PROFILE.',
    )
  const breakGlass = await identify(profile)
  console.log(`${cost}\n`)
  console.log(`account      ${caller.account}`)
  console.log(`stack        ${stack}`)
  console.log(`admin        ${caller.arn}`)
  console.log(`break-glass  ${breakGlass.arn}\n`)
  if (!(await agreed())) {
    console.error('Nothing was done.')
    return 1
  }
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () =>
      stopped.abort(new Error(`Stopped by ${signal}.`)),
    )
  let failure
  try {
    await rehearse(caller.arn, breakGlass.arn, stopped.signal)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    console.error(`\nFAILED: ${failure.message}\nCleaning up.`)
  }
  const cleaned = await cleanUp(profile)
  if (failure === undefined && cleaned) console.log('\nEverything works.')
  return failure === undefined && cleaned ? 0 : 1
}

/**
 * @param {string} admin
 * @param {string} breakGlass
 * @param {AbortSignal} stopped
 */
async function rehearse(admin, breakGlass, stopped) {
  step('deploy')
  const deployed = await keyward(
    ...['deploy', '--stack', stack, '--network', options.network, '--yes'],
    ...['--admin', admin, '--break-glass', breakGlass],
    ...['-c', 'minimumDeletionWindowDays=7', '-c', 'logRetention=1'],
  )
  if (deployed.code !== 0) throw new Error('deploy failed.')
  stopped.throwIfAborted()

  step('status')
  const status = await keyward('status', '--stack', stack)
  const { address, pin, frozen, network } = status.data
  if (status.code !== 0 || !address || pin !== address || frozen !== 'no')
    throw new Error("status doesn't show a running, pinned stack.")
  console.log(`${address}, pinned, on ${network}; not frozen.`)
  stopped.throwIfAborted()

  step('sign')
  const client = new LambdaClient({})
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({
      FunctionName: `${stack}-eip1559-signer`,
      Payload: JSON.stringify({
        ...{ operation: 'sign', dst_address: address, amount: '0', nonce: 0 },
        ...{ max_fee_per_gas: 1, max_priority_fee_per_gas: 1 },
      }),
    }),
  )
  client.destroy()
  const answer = JSON.parse(Payload?.transformToString() ?? 'null')
  if (FunctionError !== undefined)
    throw new Error(`The function refused: ${answer?.errorMessage}`)
  const verified = await keyward(
    { input: answer.signed_tx_payload },
    ...['verify', '--address', address, '--in', '-'],
  )
  if (verified.code !== 0)
    throw new Error("The signature doesn't belong to the key.")
  console.log(`Signed for ${network} by ${address}. It was not sent.`)
}

/** @param {string} profile */
async function cleanUp(profile) {
  step('destroy')
  const { code, stderr, data } = await keyward(
    ...['destroy', '--stack', stack, '--yes', '--window-days', '7'],
    ...['--without-balance-check', '--break-glass-profile', profile],
  )
  // A deployment that failed before creating the stack left nothing behind.
  if (code === 0 || stderr.includes('stack-missing')) {
    const { stillCosts = [] } = data
    console.log(`Still costs money: ${stillCosts.join(', ') || 'nothing'}.`)
    return true
  }
  console.error(
    `\nNOT CLEAN: check the stack ${stack} and its key. Try again:\n` +
      `  npx --no-install keyward destroy --stack ${stack} --window-days 7 --without-balance-check --break-glass-profile ${profile}`,
  )
  return false
}

/** @param {string} name */
function step(name) {
  console.log(`\n== ${name}`)
}

/**
 * Runs the command line, shows its progress and reads its answer.
 *
 * @param {...(string | { input: string })} words
 * @returns {Promise<{ code: number | null, data: any, stderr: string }>}
 */
function keyward(...words) {
  const args = words.filter((word) => typeof word === 'string')
  const input = words.find((word) => typeof word === 'object')?.input ?? ''
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args, '--json'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // We handle Ctrl-C ourselves, so that running commands finish cleanly.
      detached: true,
    })
    let out = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
      process.stderr.write(chunk)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, stderr, data: out === '' ? {} : JSON.parse(out) })
    })
  })
}

/**
 * The principal of the credentials: the IAM role behind a session, or the user.
 *
 * @param {string | undefined} profile
 */
async function identify(profile) {
  const named = profile === undefined ? {} : { profile }
  const sts = new STSClient({
    ...named,
    ...(profile !== undefined && {
      credentials: await (
        await import('@aws-sdk/credential-provider-ini')
      ).fromIni({ profile }),
    }),
  })
  try {
    const { Arn = '', Account = '' } = await sts.send(
      new GetCallerIdentityCommand({}),
    )
    const [, partition, role] =
      /^arn:(aws[a-z-]*):sts::\d{12}:assumed-role\/([^/]+)\//.exec(Arn) ?? []
    const arn = role ? `arn:${partition}:iam::${Account}:role/${role}` : Arn
    return { arn, account: Account }
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error)
    throw new Error(
      `No working AWS credentials${profile === undefined ? '' : ` in the profile ${profile}`} (${name}: ${message}). Set AWS_PROFILE or sign in, and set AWS_REGION. Nothing was done.`,
    )
  } finally {
    sts.destroy()
  }
}

async function agreed() {
  if (options.yes) return true
  if (!process.stdin.isTTY) {
    console.error('There is no terminal to ask on. To confirm, pass --yes.')
    return false
  }
  const prompt = createInterface({
    input: process.stdin,
    output: process.stdout,
  })
  const answer = await prompt.question('Continue? [y/N] ')
  prompt.close()
  return /^y(es)?$/i.test(answer.trim())
}
