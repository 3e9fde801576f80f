// Makes the checkout ready to run. This file keeps to syntax that old Nodes
// can parse, so that too old a Node is one sentence and not a stack trace.
// Everything else is in setup/, loaded only by a Node that can run it.
// With --run it installs what running needs, with --node nothing, else also what
// tests need.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Keyward needs Node 20.19 or newer, and this is Node ` +
      `${process.versions.node}: install a newer one from ` +
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
