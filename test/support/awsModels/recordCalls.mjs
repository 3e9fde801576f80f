import { subscribe, unsubscribe } from 'node:diagnostics_channel'

// At the door of a home: everybody's calls come through it, those of functions
// in processes of their own too, and Node tells of each.

/**
 * Tells of each signed call of AWS that a server of this process has answered.
 *
 * @param {(call: import('./checkCall.js').WireCall) => void} onCall
 * @param {() => number | undefined} [port] - Of one server alone.
 * @returns {() => void} what ends it
 */
export function recordCalls(onCall, port = () => undefined) {
  /** @param {any} message */
  const onRequest = ({ request, response, socket }) => {
    const { method, url: path, headers } = request
    const [, service = ''] =
      /Credential=[^/]+\/\d+\/[^/]+\/([\w-]+)\//.exec(
        headers.authorization ?? '',
      ) ?? []
    if (service === '' || service === 'keyward') return
    if (![undefined, socket.localPort].includes(port())) return
    /** @type {Buffer[]} */
    const chunks = []
    request.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk))
    const end = response.end
    response.end = (/** @type {any[]} */ ...given) => {
      onCall({
        ...{ service, method, path, headers, status: response.statusCode },
        body: Buffer.concat(chunks).toString(),
        answer: Buffer.from(given[0] ?? '').toString(),
      })
      return end.apply(response, given)
    }
  }
  subscribe('http.server.request.start', onRequest)
  return () => void unsubscribe('http.server.request.start', onRequest)
}
