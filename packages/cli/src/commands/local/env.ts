import type { Environment } from '@keyward/local'
import { shellQuote } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { defaulting, text, toggle } from '../../program/Input.js'
import { dataDir, readRunningHome } from './runningHome.js'

export const envCommand = define('env', {
  description: 'print the environment variables for the local home',
  takes: {
    dataDir,
    as: defaulting(
      text(
        '--as <principal>',
        'whose credentials to print: operator, admin, user, importer, break-glass, root or an ARN',
      ),
      'user',
    ),
    profiles: toggle(
      '--profiles',
      'also write an AWS profile for each of these names and each role of a stack',
    ),
  },
  examples: [
    'eval "$(keyward env)"',
    'eval "$(keyward env --as admin)"',
    'eval "$(keyward env --as operator --profiles)"',
    'keyward env --data-dir /tmp/home --json',
  ],
  async run(_, options) {
    const { toEnvironment, writeProfiles } = await import('@keyward/local')
    const { dataDir, home } = await readRunningHome(options.dataDir)
    const data: Environment = {
      ...toEnvironment(home, options.as),
      ...(options.profiles && {
        AWS_SHARED_CREDENTIALS_FILE: writeProfiles(dataDir, home),
      }),
    }
    return { data, text: environmentText(data), isVerbatim: true }
  },
})

/**
 * The output for `eval` in a POSIX shell, which sets the variables and unsets
 * those that would override them.
 */
function environmentText(environment: Environment): string {
  const absent = (['AWS_KMS_KEY_ID', 'ETH_RPC_URL'] as const).filter(
    (name) => environment[name] === undefined,
  )
  return [
    `unset ${['AWS_PROFILE', 'AWS_SESSION_TOKEN', ...absent].join(' ')}`,
    ...Object.entries(environment).map(
      ([name, value]) => `export ${name}=${shellQuote(value)}`,
    ),
  ].join('\n')
}
