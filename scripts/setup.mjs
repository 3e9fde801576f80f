// Prepares the checkout. This file uses only syntax that old Nodes can parse,
// so that an old Node prints one sentence, not a stack trace. Everything else
// is in setup/, which only a supported Node loads. With --run, it installs only
// what Keyward needs to run; with --node, nothing; otherwise, also what the
// tests need.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Keyward needs Node 20.19 or newer, but this is Node ` +
      `${process.versions.node}. Install a newer one from ` +
      'https://nodejs.org and try again.',
  )
  process.exitCode = 1
} else if (process.argv.indexOf('--node') < 0) {
  import('./setup/installDependencies.mjs')
    .then((module) =>
      module.installDependencies(
        process.argv.indexOf('--run') > 0 ? 'run' : 'all',
      ),
    )
    .catch((error) => {
      console.error(error instanceof Error ? error.message : String(error))
      process.exitCode = 1
    })
}
