import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Starts a script of this folder; `ask` sends a message and awaits one. */
export async function start(script, args = [], execPath = process.execPath) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    execPath,
    // The SDK's advice to use a newer Node is no news to whoever measures.
    env: {
      ...process.env,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const message = async () => {
    const [value] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`${script} ended with ${code}`)
      }),
    ])
    return value
  }
  const first = await message()
  return {
    first,
    ask(value) {
      child.send(value)
      return message()
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
    async finish() {
      const ended = once(child, 'exit')
      child.send('stop')
      await ended
    },
  }
}
