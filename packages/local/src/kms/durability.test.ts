import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestKms } from '../../../../test/support/openTestKms.js'

// A process creates keys, imports and aliases, and reports each answer. It is
// killed right after some answer, during the next tasks.

const soak = process.env.KEYWARD_SOAK === '1'
const kills = soak ? 20 : 1
const keysPerLife = 50

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'keyward-kms-kill-'))
const script = join(folder, 'child.mjs')

beforeAll(async () => {
  const source = `
    import { openTestKms } from ${JSON.stringify(here('../../../../test/support/openTestKms.ts'))}
    import { importKey, newPkcs8 } from ${JSON.stringify(here('../../../../test/support/wrapKeyMaterial.ts'))}
    const aws = openTestKms(process.argv[2])
    // Several at a time, so that a kill finds writes in every stage.
    const work = async (worker) => {
      for (let i = 0; ; i += 1) {
        const external = i % 5 === 4
        const { keyId } = await aws.createKey(external ? { Origin: 'EXTERNAL' } : {})
        if (external) {
          const reply = await importKey(aws, keyId, newPkcs8())
          if (reply.status !== 200) throw new Error(JSON.stringify(reply))
        }
        const alias = 'alias/' + keyId
        await aws.ok('CreateAlias', { AliasName: alias, TargetKeyId: keyId })
        const { PublicKey } = await aws.ok('GetPublicKey', { KeyId: keyId })
        process.stdout.write(JSON.stringify({ alias, keyId, PublicKey, external }) + '\\n')
      }
    }
    await Promise.all([0, 1, 2, 3].map(work))
  `
  const entry = join(folder, 'child.ts')
  writeFileSync(entry, source)
  await build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    nodePaths: [here('../../node_modules'), here('../../../../node_modules')],
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Made = {
  alias: string
  keyId: string
  PublicKey: string
  external: boolean
}

/** Runs until this many tasks are answered, then kills the process. */
const live = async (dataDir: string, count: number): Promise<Made[]> => {
  const child = spawn(process.execPath, [script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const made: Made[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    made.push(JSON.parse(line) as Made)
    if (made.length === count) child.kill('SIGKILL')
  }
  return made
}

test(
  'every acknowledged key is there after kill -9 and signs as before',
  async () => {
    const dataDir = join(folder, 'data')
    const made: Made[] = []
    for (let life = 0; life < kills; life += 1) {
      made.push(...(await live(dataDir, keysPerLife)))
      const aws = openTestKms(dataDir)
      for (const { alias, keyId, PublicKey } of made) {
        expect(await aws.ok('GetPublicKey', { KeyId: alias })).toMatchObject({
          KeyId: `arn:aws:kms:us-east-1:000000000000:key/${keyId}`,
          PublicKey,
        })
      }
      for (const { alias } of made.slice(-keysPerLife)) {
        const asked = {
          KeyId: alias,
          Message: Buffer.alloc(32, life + 1).toString('base64'),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }
        const { Signature } = await aws.ok('Sign', asked)
        expect(await aws.ok('Verify', { ...asked, Signature })).toMatchObject({
          SignatureValid: true,
        })
      }
      aws.kms.close()
    }
    expect(made.length).toBeGreaterThanOrEqual(kills * keysPerLife)
    expect(made.some((each) => each.external)).toBe(true)
  },
  soak ? 1_200_000 : 60_000,
)
