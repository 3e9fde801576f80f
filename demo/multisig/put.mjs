// npm run demo:safe: Safe's contracts at their canonical addresses, on the chain
// of the local home that `keyward env` names.
import { openRpc } from './openRpc.mjs'
import { putSafe } from './putSafe.mjs'

const url = process.env.ETH_RPC_URL
if (url === undefined || !/^http:\/\/(127\.|localhost|\[::1\])/.test(url)) {
  console.error(
    'ETH_RPC_URL is not the local home\'s chain. With it running: eval "$(npx --no-install keyward env)"',
  )
  process.exitCode = 2
} else {
  await putSafe(openRpc(url))
  console.log(`Safe 1.4.1 is on the chain at ${url}.`)
}
