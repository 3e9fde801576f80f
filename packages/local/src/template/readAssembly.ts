import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseJson } from '@keyward/iam/policy'
import { isObject, type Json, type JsonObject } from './Json.js'
import { quote, StackError } from './StackError.js'

/** A stack written by `cdk synth`. */
export type Assembly = {
  stackName: string
  template: Json
  /**
   * ARN, with pseudo parameters, of the role with which CloudFormation deploys
   * the stack.
   */
  executionRoleArn: string | undefined
  /**
   * The asset with this S3 key; undefined if it doesn't exist.
   *
   * @throws {StackError} assembly-invalid if the asset is listed but missing.
   * @throws TemplateError with S3's answer in Lambda's wording.
   */
  asset(objectKey: string, bucketName?: string): Asset | undefined
}

/** Code: a file or folder of an assembly, or an archive from S3. */
export type Asset = { path: string } | { archive: Buffer }

type Artifact = { id: string; type: string; properties: JsonObject }

/**
 * Reads the assembly of a CDK app, usually the folder `cdk.out`.
 *
 * @param options.stackName - The stack's name; required if the assembly has
 *   several.
 * @throws {StackError} assembly-invalid
 */
export function readAssembly(
  directory: string,
  options: { stackName?: string | undefined } = {},
): Assembly {
  const folder = resolve(directory)
  const artifacts = readArtifacts(folder)
  const stacks = artifacts.filter(
    ({ type }) => type === 'aws:cloudformation:stack',
  )
  const nameOf = ({ id, properties }: Artifact) =>
    text(properties, 'stackName') ?? id
  const wanted = options.stackName
  const whichStack = (): string => {
    if (stacks.length === 0) return `${folder} contains no stack.`
    const names = stacks.map(nameOf).join(', ')
    const rest =
      wanted === undefined
        ? 'Choose one of them.'
        : `${found.length === 0 ? 'None' : 'More than one'} of them is named ${quote(wanted)}.`
    return `${folder} contains the stacks ${names}. ${rest}`
  }
  const found = stacks.filter(
    (stack) => wanted === undefined || nameOf(stack) === wanted,
  )
  const [stack] = found
  if (!stack || found.length > 1) throw invalid(whichStack())
  const file = text(stack.properties, 'templateFile')
  if (file === undefined)
    throw invalid(`The stack ${nameOf(stack)} in ${folder} has no template.`)
  return {
    stackName: nameOf(stack),
    template: readJson(inside(folder, file)),
    executionRoleArn: text(stack.properties, 'cloudFormationExecutionRoleArn'),
    asset: findAssets(folder, artifacts),
  }
}

/**
 * The code assets of an assembly.
 *
 * @throws {StackError} assembly-invalid
 */
export function readAssets(directory: string): Assembly['asset'] {
  const folder = resolve(directory)
  return findAssets(folder, readArtifacts(folder))
}

function readArtifacts(folder: string): Artifact[] {
  const path = join(folder, 'manifest.json')
  if (!existsSync(path))
    throw invalid(
      `${path} doesn't exist, so ${folder} is not an assembly from cdk synth.`,
    )
  const manifest = readJson(path)
  const artifacts = isObject(manifest) ? manifest.artifacts : undefined
  if (!isObject(artifacts)) throw invalid(`${path} lists no artifacts.`)
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (!isObject(artifact)) return []
    const { type, properties } = artifact
    if (typeof type !== 'string') return []
    return { id, type, properties: isObject(properties) ? properties : {} }
  })
}

function findAssets(folder: string, artifacts: Artifact[]): Assembly['asset'] {
  const paths = new Map<string, string>()
  for (const { type, properties } of artifacts) {
    const file = text(properties, 'file')
    if (type !== 'cdk:asset-manifest' || file === undefined) continue
    const manifest = readJson(inside(folder, file))
    const files = isObject(manifest) && manifest.files
    if (!isObject(files)) continue
    for (const asset of Object.values(files)) {
      if (!isObject(asset)) continue
      const { source, destinations } = asset
      const path = isObject(source) && source.path
      if (typeof path !== 'string' || !isObject(destinations)) continue
      for (const destination of Object.values(destinations)) {
        const key = isObject(destination) && destination.objectKey
        if (typeof key === 'string') paths.set(key, path)
      }
    }
  }
  return (objectKey) => {
    const path = paths.get(objectKey)
    return path === undefined ? undefined : { path: inside(folder, path) }
  }
}

/** An assembly may only name its own files. */
function inside(folder: string, name: string): string {
  const path = resolve(folder, name)
  if (!existsSync(path))
    throw invalid(
      `The assembly in ${folder} lacks ${quote(name)}. Run cdk synth again.`,
    )
  const way = relative(realpathSync(folder), realpathSync(path))
  if (way === '..' || way.startsWith('../'))
    throw invalid(`${quote(name)} is outside the assembly in ${folder}.`)
  return path
}

function readJson(path: string): Json {
  try {
    return parseJson(readFileSync(path, 'utf8')) as Json
  } catch (cause) {
    throw invalid(`${path} is not valid JSON.`, cause)
  }
}

function text(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  return typeof value === 'string' ? value : undefined
}

function invalid(problem: string, cause?: unknown): StackError {
  return new StackError('assembly-invalid', [problem], cause)
}
