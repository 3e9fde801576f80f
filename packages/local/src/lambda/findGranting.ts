/**
 * Options that don't give a function extra access. Any other Node option could
 * read, write or load files past the permission model, or open a port.
 */
const harmless =
  /^--(?:(?:no-)?(?:deprecation|warnings|enable-source-maps|network-family-autoselection)|(?:trace|throw|pending)-(?:deprecation|warnings|uncaught|exit)|(?:max-(?:old-space|semi-space|http-header)-size|stack-trace-limit|unhandled-rejections|dns-result-order|disable-warning|tls-(?:min|max)-v1\.[23])(?:=[\w.:-]+)?)$/

/**
 * Node, OpenSSL or the loader reads these variables before permissions apply.
 */
const loading =
  /^(?:(?:LD|DYLD|OPENSSL|GCONV)_\w+|NODE_(?:V8_COVERAGE|REDIRECT_WARNINGS|COMPILE_CACHE|REPL_EXTERNAL_MODULE|REPL_HISTORY|PENDING_PIPE_INSTANCES|ICU_DATA|EXTRA_CA_CERTS|SSL_CERT\w*))$/

/**
 * Finds variables that would give a function's process more access than a
 * function has. The sandbox is Node's permission model; in AWS, it is a
 * separate machine.
 *
 * @returns the names; for NODE_OPTIONS, with the option
 */
export function findGranting(
  environment: Readonly<Record<string, string>>,
): string[] {
  const names = Object.keys(environment).filter((name) => loading.test(name))
  const { NODE_OPTIONS = '' } = environment
  const options = NODE_OPTIONS.split(/\s+/)
    .filter((option) => option !== '')
    // Node accepts hyphens and underscores alike.
    .filter((option) => !harmless.test(option.replaceAll('_', '-')))
    .map((option) => `NODE_OPTIONS ${option.slice(0, 40)}`)
  return [...names, ...options]
}
