import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BaseError } from '@keyward/core/errors'

/** The paths of the programs that a deployment needs. */
export type Toolkit = {
  /** The app that synthesizes the stack. */
  app: string
  /** The CDK CLI. */
  cdk: string
  /** The settings file of the local home's own stack. */
  localSettings: string
}

/**
 * Finds the AWS CDK next to the command or in the working directory. The CDK is
 * large and only needed for deployments, so it isn't installed with the
 * command.
 *
 * @throws CdkMissingError
 */
export function findToolkit(): Toolkit {
  const here = createRequire(import.meta.url)
  const folder = dirname(here.resolve('@keyward/cdk/package.json'))
  const app = join(folder, 'dist', 'app.js')
  const besideApp = createRequire(pathToFileURL(app))
  const places = [
    besideApp,
    here,
    createRequire(pathToFileURL(join(process.cwd(), 'package.json'))),
  ]
  const missing = ['aws-cdk-lib', 'constructs'].filter(
    // A package only helps if the app itself can resolve it.
    (name) => resolve([besideApp], `${name}/package.json`) === undefined,
  )
  const cdk = resolve(places, 'aws-cdk/package.json')
  if (cdk === undefined || missing.length > 0)
    throw new CdkMissingError([
      ...(cdk === undefined ? ['aws-cdk'] : []),
      ...missing,
    ])
  return {
    app,
    cdk: join(dirname(cdk), 'bin', 'cdk'),
    localSettings: join(folder, 'local.context.json'),
  }
}

function resolve(
  places: readonly NodeJS.Require[],
  file: string,
): string | undefined {
  for (const place of places)
    try {
      return place.resolve(file)
    } catch {}
  return undefined
}

/** A package that deployments need is not installed. */
export class CdkMissingError extends BaseError {
  override readonly name = 'CdkMissingError'

  constructor(missing: readonly string[]) {
    super(
      'cdk-missing',
      `The AWS CDK is not installed: ${missing.join(', ')}.`,
      {
        details:
          'Only keyward deploy needs it. In a checkout, run npm ci. ' +
          'Otherwise, run this in the folder where Keyward is installed: npm ' +
          'install aws-cdk@2 aws-cdk-lib@2 constructs@10',
      },
    )
  }
}
