import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalHome, type LocalHome } from '@keyward/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodes, provideNode } from '../../scripts/setup/nodes.mjs'
import { assembly } from '../../scripts/synth.mjs'
import { kinds, signOnNode } from '../support/signOnNode.js'

// The functions run on arm64 in AWS. What is WebAssembly or JavaScript should
// run the same there: here qemu is the processor.

const qemu = 'qemu-aarch64-static'
const libraries = '/usr/aarch64-linux-gnu'
const available =
  nodes.arm64.available &&
  spawnSync(qemu, ['--version']).status === 0 &&
  existsSync(libraries)
if (!available)
  console.log(
    '\n*** LEFT OUT: the functions on arm64, which want Linux on x64 with qemu: sudo apt-get install -y qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross ***\n',
  )

let folder = ''
let home: LocalHome
beforeAll(async () => {
  if (!available) return
  await provideNode('arm64')
  folder = await mkdtemp(join(tmpdir(), 'keyward-arm64-'))
  home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: false,
    assembly: { directory: assembly },
  })
})
afterAll(async () => {
  await home?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

test.runIf(available).each(kinds)('%s signs on arm64', async (kind) => {
  const node = await signOnNode(home, kind, [qemu, nodes.arm64.path], {
    PATH: process.env.PATH ?? '',
    QEMU_LD_PREFIX: libraries,
  })
  expect(node).toMatch(/^v24\..* arm64$/)
})
