// Builds everything that `npm pack` and `npm publish` need: types, the
// functions' bundles and the synthesized stack.
import { ensureBuilt } from './build.mjs'
import { ensureSynthesized } from './synth.mjs'

await ensureSynthesized()
await ensureBuilt({ types: true })
