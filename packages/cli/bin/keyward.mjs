#!/usr/bin/env node
// Old versions of Node must be able to parse this file: see scripts/setup.mjs.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const built = new URL('../dist/main.js', import.meta.url)
// Only a checkout contains the sources, and a checkout should run them.
const source = new URL('../src/main.ts', import.meta.url)
const build = new URL('../../../scripts/build.mjs', import.meta.url)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    'keyward needs Node 20.19 or newer, but this is Node ' +
      `${process.versions.node}. Install a newer version from ` +
      'https://nodejs.org.',
  )
  process.exitCode = 1
} else {
  import('node:fs')
    .then((fs) =>
      fs.existsSync(source)
        ? import(build.href).then((module) => module.ensureBuilt())
        : undefined,
    )
    .then(() => import(built.href))
    .then((module) => module.main())
    .catch((error) => {
      console.error(error instanceof Error ? error.message : String(error))
      process.exitCode = 1
    })
}
