import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunningHome } from './localHome.js'
import { shellBlocks } from './readGuide.js'
import { keywardBin, root } from './runCli.js'
import { type Answer, runInTerminal } from './runInTerminal.js'
import { toolPath } from './tools.js'

/**
 * Types the `sh` blocks under a guide's heading into one shell on a terminal,
 * as they stand. The shell stops at the first command that fails.
 */
export function followGuide(options: {
  guide: string
  /** Of a part of it. @default all of it */
  heading?: string
  home: Pick<RunningHome, 'dataDir'>
  /** A folder of the test's, for the file that the shell reads. */
  folder: string
  /** What is asked on the way, and what is typed then. */
  answers?: Answer[]
  /** Commands of the test's before the first and after the last block. */
  before?: string
  after?: string
  env?: Record<string, string>
}): Promise<{ code: number | null; shown: string }> {
  const { guide, heading, home, folder, answers = [] } = options
  const file = join(folder, 'typed.sh')
  const keyward = `'${process.execPath}' '${keywardBin}'`
  const lines = [
    'set -euo pipefail',
    // The home of a test has a folder of its own, which `env` has to know.
    `npx() {
      if [ "$1" = --no-install ]; then shift; fi
      case "$1 $2" in
        'keyward env') ${keyward} "\${@:2}" --data-dir '${home.dataDir}' ;;
        'keyward '*) ${keyward} "\${@:2}" ;;
        *) command npx --no-install "$@" ;;
      esac
    }`,
    options.before ?? '',
    ...shellBlocks(guide, heading).map(({ code }) => code),
    options.after ?? '',
  ]
  return writeFile(file, lines.join('\n')).then(() =>
    runInTerminal(['bash', file], answers, {
      env: {
        // What is said is compared; colours are for the eye.
        NO_COLOR: '1',
        PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}`,
        // Where somebody would press q.
        AWS_PAGER: '',
        ...options.env,
      },
      cwd: root,
    }),
  )
}
