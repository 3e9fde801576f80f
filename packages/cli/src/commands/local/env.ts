import { define } from '../../program/define.js'
import { defaulting, text, toggle } from '../../program/Input.js'
import { dataDir } from './dataDir.js'

export const envCommand = define('env', {
  description: 'print what a shell needs to talk to the local home',
  takes: {
    dataDir,
    as: defaulting(
      text(
        '--as <principal>',
        'operator, admin, user, importer, break-glass, root or an ARN',
      ),
      'user',
    ),
    profiles: toggle(
      '--profiles',
      'also write an AWS profile for each of these names',
    ),
  },
  examples: [
    'eval "$(keyward env)"',
    'eval "$(keyward env --as admin)"',
    'eval "$(keyward env --as operator --profiles)"',
    'keyward env --data-dir /tmp/home --json',
  ],
  run: async (_, options) =>
    (await import('./printEnvironment.js')).printEnvironment(options),
})
