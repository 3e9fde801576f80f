import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { root } from './setup/root.mjs'

const cdk = join(root, 'packages', 'cdk')
export const templateFile = join(cdk, 'keyward-dev.template.json')

/** The policy of the local home's functions. */
export const policyFile = join(cdk, 'local.policy.json')

/** Values that differ between builds of the functions. */
const placeholder = 'CODE.zip'

/**
 * The template of keyward-dev without the hashes that depend on the bundles:
 * generated data that a test in packages/cdk checks.
 *
 * @param {string} template as `cdk synth` writes it
 */
export function toStable(template) {
  return template
    .replace(/"[0-9a-f]{64}\.zip"/g, `"${placeholder}"`)
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1')
}

/**
 * Writes the assembly of keyward-dev from its committed template and the
 * bundles, as `cdk synth` would. With this, the local home doesn't need
 * aws-cdk-lib, the largest download by far.
 *
 * @param {string} folder must not exist yet
 */
export function assemble(folder) {
  mkdirSync(folder)
  const template = JSON.parse(readFileSync(templateFile, 'utf8'))
  /** @type {Record<string, unknown>} */
  const files = {}
  const all = createHash('sha256')
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue
    const name = Properties.FunctionName.replace(/^keyward-dev-/, '')
    const source = join(cdk, 'dist', 'functions', 'with-policy', name)
    const sources = readdirSync(source)
      .sort()
      .map((file) => join(source, file))
    const hash = hashOf([...sources, policyFile])
    all.update(hash)
    const path = `asset.${hash}`
    cpSync(source, join(folder, path), { recursive: true })
    cpSync(policyFile, join(folder, path, 'policy.json'))
    const objectKey = `${hash}.zip`
    Properties.Code.S3Key = objectKey
    files[hash] = {
      displayName: name,
      source: { path, packaging: 'zip' },
      destinations: { home: { objectKey } },
    }
  }
  // A version is immutable, so new code needs a new version.
  const version = all.digest('hex').slice(0, 32)
  const text = JSON.stringify(template, undefined, 1).replace(
    /(CurrentVersion[0-9A-F]{8})(?=")/g,
    `$1${version}`,
  )
  write(folder, 'keyward-dev.template.json', text)
  write(folder, 'keyward-dev.assets.json', JSON.stringify({ files }))
  write(folder, 'manifest.json', JSON.stringify(manifest))
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

const manifest = {
  artifacts: {
    'keyward-dev.assets': {
      type: 'cdk:asset-manifest',
      properties: { file: 'keyward-dev.assets.json' },
    },
    'keyward-dev': {
      type: 'aws:cloudformation:stack',
      properties: {
        templateFile: 'keyward-dev.template.json',
        cloudFormationExecutionRoleArn: `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-\${AWS::AccountId}-\${AWS::Region}`,
      },
    },
  },
}

/** @param {string} folder @param {string} name @param {string} text */
function write(folder, name, text) {
  writeFileSync(join(folder, name), text)
}
