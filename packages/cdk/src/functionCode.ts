import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { aws_lambda as lambda } from 'aws-cdk-lib'

/** Names of the bundles, and endings of the functions' names. */
export type FunctionKind =
  | 'coordinator'
  | 'cosigner'
  | 'eip1559-signer'
  | 'legacy-signer'
  | 'sender'
  | 'reconciler'

/** The bundle of a function as it is deployed: a folder with `index.mjs`. */
export function functionCode(kind: FunctionKind): lambda.Code {
  // From src/ as from dist/ the same folder beside them.
  const folder = fileURLToPath(
    new URL(`../dist/functions/${kind}`, import.meta.url),
  )
  if (!existsSync(folder))
    throw new Error(
      `The bundle of ${kind} is not built: ${folder} is missing. Run npm run build.`,
    )
  return lambda.Code.fromAsset(folder)
}
