import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalHome, type LocalHome } from '@keyward/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodes, provideNode } from '../../scripts/setup/nodes.mjs'
import { assembly } from '../../scripts/synth.mjs'
import { kinds, signOnNode } from '../support/signOnNode.js'

let folder: string
let home: LocalHome
beforeAll(async () => {
  await provideNode('node24')
  folder = await mkdtemp(join(tmpdir(), 'keyward-node24-'))
  home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: false,
    assembly: { directory: assembly },
  })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

// Node 24 comes as a package for this platform only; set-up says so elsewhere.
test.runIf(nodes.node24.available).each(kinds)(
  '%s signs on the Node that Lambda has',
  async (kind) => {
    const node = await signOnNode(home, kind, [nodes.node24.path])
    expect(node).toMatch(/^v24\..* x64$/)
  },
)
