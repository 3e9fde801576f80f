import * as Caller from './Caller.js'
import type { KeyFacts } from './KeyFacts.js'
import type { KeyPolicy } from './KeyPolicy.js'

/**
 * Every caller for whom policies may differ: those that a policy names
 * anywhere, and the unnamed callers of each named account and of all other
 * accounts.
 *
 * @param arns - ARNs named elsewhere, such as the intended roles.
 */
export function collectCallers(
  policies: readonly KeyPolicy[],
  key: KeyFacts,
  arns: readonly string[] = [],
): Caller.Caller[] {
  const { partition, account } = key
  const texts = new Set<string>(arns)
  for (const { statements } of policies)
    for (const { json } of statements)
      for (const element of ['Principal', 'NotPrincipal', 'Condition'])
        collectTexts(json[element], texts)
  const accounts = new Set([account])
  const services = new Set<string>()
  const callers: Caller.Caller[] = []
  for (const text of texts) {
    for (const [id] of text.matchAll(/(?<!\d)\d{12}(?!\d)/g)) accounts.add(id)
    if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(text)) services.add(text)
    const caller = Caller.named(text)
    if (caller !== undefined && caller.kind !== 'root') callers.push(caller)
  }
  return [
    ...[...accounts].flatMap((id) => [
      Caller.root(id, partition),
      Caller.unnamed('role', id, partition),
      Caller.unnamed('user', id, partition),
    ]),
    Caller.unnamed('role', undefined, partition),
    Caller.unnamed('user', undefined, partition),
    ...callers,
    ...[...services].map(Caller.service),
    Caller.unnamedService(),
  ]
}

function collectTexts(value: unknown, into: Set<string>): void {
  if (typeof value === 'string' || typeof value === 'number')
    into.add(String(value))
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) collectTexts(each, into)
}
