// Prepares npm run demo:multisig: Safe's contracts and the build.
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { provideFolder } from './setup/provideFolder.mjs'
import { root } from './setup/root.mjs'

await provideFolder(join(root, 'demo', 'multisig'))
await ensureBuilt()
