import net from 'node:net'
import tls from 'node:tls'

/** Opens connections to one endpoint. Each resumes the previous TLS session. */
export function createSocketOpener(endpoint: URL): () => net.Socket {
  const host = endpoint.hostname.replace(/^\[|\]$/g, '')
  const isTls = endpoint.protocol === 'https:'
  const port = Number(endpoint.port) || (isTls ? 443 : 80)
  let session: Buffer | undefined
  return () => {
    const socket = isTls
      ? tls.connect({
          host,
          port,
          session,
          ALPNProtocols: ['http/1.1'],
          // SNI does not allow IP addresses.
          ...(net.isIP(host) === 0 ? { servername: host } : {}),
        })
      : net.connect({ host, port })
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 1000)
    socket.on('session', (next: Buffer) => {
      session = next
    })
    socket.on('error', () => {
      session = undefined
    })
    return socket
  }
}
