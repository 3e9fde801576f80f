import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError, maskHex } from '@keyward/core/errors'
import type { Template } from '../stack/Template.js'
import { runProgram } from './runProgram.js'
import type { Settings } from './Settings.js'

/** What to deploy: a folder like the one that `cdk synth` writes. */
export type Assembly = {
  directory: string
  template: Template
  remove(): Promise<void>
}

/**
 * Runs the CDK app with these settings in a separate process and writes to a
 * temporary folder.
 *
 * @throws InputError with the app's own message about an invalid setting
 */
export async function synthesize(
  app: string,
  stack: string,
  settings: Settings,
): Promise<Assembly> {
  const directory = await mkdtemp(join(tmpdir(), 'keyward-deploy-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    const { code, output } = await runProgram(app, [], {
      cwd: directory,
      env: {
        ...process.env,
        // Skips the CDK's template validation, which takes six times as long as
        // the rest. The tests run it on every kind of stack.
        CDK_VALIDATION: 'false',
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify({ ...settings, stackName: stack }),
      },
    })
    if (code !== 0)
      throw new InputError("The stack can't be built.", {
        details: reasonIn(output),
      })
    const file = join(directory, `${stack}.template.json`)
    const template = JSON.parse(await readFile(file, 'utf8')) as Template
    return { directory, template, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** The app's error message, without its stack trace. */
function reasonIn(output: string): string {
  const line = output
    .split('\n')
    .find((each) => /^(?:\w*Error|Error \[\w+\]): /.test(each))
  return maskHex(line?.replace(/^[^:]*: /, '') ?? output.slice(-2000).trim())
}
