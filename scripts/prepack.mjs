// What `npm pack` and `npm publish` of a package need: its types, the functions'
// bundles and the synthesised stack, whether or not somebody has built before.
import { ensureBuilt } from './build.mjs'
import { ensureSynthesized } from './synth.mjs'

await ensureSynthesized()
await ensureBuilt({ types: true })
