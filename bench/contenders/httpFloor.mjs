// The floor: a bare HTTP round trip to the same server, nothing signed.
import http from 'node:http'

export const name = 'floor: bare HTTP round trip'

export async function create({ endpoint }) {
  const agent = new http.Agent({ keepAlive: true })
  const url = `${endpoint}/_keyward/health`
  return () =>
    new Promise((resolve, reject) => {
      http
        .get(url, { agent }, (response) => {
          response.resume().on('end', resolve)
        })
        .on('error', reject)
    })
}
