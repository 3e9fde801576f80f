import { isLoopback } from './resolveEndpoint.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Finds a proxy setting that other programs follow and Keyward ignores, so
 * requests would not take the intended route.
 *
 * @returns the setting and what to do, as part of a sentence.
 */
export function findUnheardProxy(
  url: URL,
  environment: Environment,
): string | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const read = (name: string) =>
    environment[name] || environment[name.toLowerCase()] || ''
  const host = url.hostname
  if (read(name) === '' || isLoopback(host)) return undefined
  const isExempt = read('NO_PROXY')
    .split(/[\s,]+/)
    .map((entry) => entry.toLowerCase().replace(/^\*?\.|:\d+$/g, ''))
    .some(
      (entry) =>
        entry !== '' &&
        (entry === '*' || host === entry || host.endsWith(`.${entry}`)),
    )
  if (isExempt) return undefined
  return `${name} is set, but Keyward doesn't use proxies; if ${host} can be reached without a proxy, add that host to NO_PROXY`
}

/** Like {@link findUnheardProxy}, for settings that apply only to AWS. */
export function findUnheard(
  url: URL,
  environment: Environment,
): string | undefined {
  if (
    url.protocol === 'https:' &&
    environment.AWS_CA_BUNDLE &&
    !environment.NODE_EXTRA_CA_CERTS
  )
    return "AWS_CA_BUNDLE is set, but Node doesn't read it, so the server's certificate can't be checked against it; set NODE_EXTRA_CA_CERTS to the same file"
  return findUnheardProxy(url, environment)
}
