import { createHash } from 'node:crypto'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

type Json = Record<string, unknown>
export type Template = {
  Resources: Record<string, { Type: string; Properties: Json } & Json>
  Outputs: Record<string, Json>
}

/**
 * Copies an assembly of `cdk synth` with another template, as if it had been
 * synthesised so: it stands in S3 under a hash of its own.
 */
export async function changeAssembly(
  from: string,
  to: string,
  change: (template: Template) => void,
): Promise<string> {
  await rm(to, { recursive: true, force: true })
  await cp(from, to, { recursive: true })
  const names = await readdir(to)
  const file = names.find((name) => name.endsWith('.template.json')) ?? ''
  const template = JSON.parse(await readFile(join(to, file), 'utf8'))
  change(template)
  const text = JSON.stringify(template, null, 1)
  await writeFile(join(to, file), text)
  const hash = createHash('sha256').update(text).digest('hex')
  const manifest = await readFile(join(to, 'manifest.json'), 'utf8')
  const [, before = ''] = /\/([0-9a-f]{64})\.json"/.exec(manifest) ?? []
  await replaceIn(to, before, hash)
  return to
}

/** The same with another qualifier of the bootstrap. */
export async function changeQualifier(
  from: string,
  to: string,
  qualifier: string,
): Promise<string> {
  await cp(from, to, { recursive: true })
  await replaceIn(to, 'hnb659fds', qualifier)
  return to
}

async function replaceIn(
  folder: string,
  before: string,
  after: string,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^manifest\.json$|\.assets\.json$/.test(name)) continue
    const path = join(folder, name)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replaceAll(before, after))
  }
}
