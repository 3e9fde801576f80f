import { isObject, type Json } from '../template/Json.js'
import type { StackState } from '../template/StackState.js'

/**
 * The message for the person who started the home, if loading the home's own
 * template undoes settings of the last `keyward deploy`; otherwise undefined.
 */
export function describeReset(
  { name, source }: Pick<StackState, 'name' | 'source'>,
  template: Json,
): string | undefined {
  // The stack is still as the home loaded it, perhaps from an older checkout.
  if (source === undefined || source.assembly !== undefined) return undefined
  const before = settingsOf(JSON.parse(source.templateText) as Json)
  const after = settingsOf(template)
  const names = Object.keys({ ...before, ...after })
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .sort()
  if (names.length === 0) return undefined
  return `The home loads its own template into ${name} again. Settings that a deploy had changed are reset: ${names.join(', ')}. Deploy again to restore them. To keep them at the next start, pass --no-stack.`
}

/** The settings that `keyward deploy` stores in a template. */
function settingsOf(template: Json): Readonly<Record<string, Json>> {
  const metadata = isObject(template) ? template.Metadata : undefined
  const kept = isObject(metadata) ? metadata['Keyward::Settings'] : undefined
  return isObject(kept) ? kept : {}
}
