import { type Model, models, type Shape } from './Model.js'

/** What the AWS CLI reads itself, and how many values each takes. */
const global: Readonly<Record<string, number>> = {
  ...{ region: 1, profile: 1, query: 1, output: 1, 'endpoint-url': 1 },
  ...{ 'cli-binary-format': 1, 'no-cli-pager': 0, 'no-paginate': 0 },
  ...{ 'max-items': 1, 'page-size': 1, 'cli-read-timeout': 1 },
}
/** Commands of the CLI alone, which call no operation by its name. */
const own = /^(?:sso login|configure )/
/** What `wait` asks, until it is so. */
const waiters: Readonly<Record<string, string>> = {
  'table-exists': 'DescribeTable',
  'stack-create-complete': 'DescribeStacks',
  'stack-update-complete': 'DescribeStacks',
  'stack-delete-complete': 'DescribeStacks',
}

/** The commands `aws ...` in a text of a shell, each as its words. */
export function awsCommandsIn(text: string): string[][] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ')
  return [...joined.matchAll(/(?:^|[\s(;|&])aws (?=[a-z-])(.*)$/gm)].map(
    ([, rest = '']) => wordsOf(rest),
  )
}

/** Up to where the command ends: quotes and `$(...)` are one word. */
function wordsOf(text: string): string[] {
  const words: string[] = []
  const word =
    /\s*((?:'[^']*'|"(?:\\.|[^"\\])*"|\$\([^)]*\)|[^\s'"|;)&<>`#])+)/y
  for (let found = word.exec(text); found; found = word.exec(text))
    words.push(String(found[1]).replace(/^(['"])(.*)\1$/s, '$2'))
  return words
}

/**
 * Holds a command of the AWS CLI against the model of its service.
 *
 * @param options.isMention - It stands in prose, maybe by its name alone.
 * @returns what is wrong with it: an operation, a flag or a value that AWS does
 * not have, and what is missing
 */
export function checkCommand(
  words: readonly string[],
  { isMention = false } = {},
): string[] {
  const rest = [...words]
  const given = new Map<string, string[]>()
  const positional: string[] = []
  while (rest.length > 0) {
    const word = String(rest.shift())
    if (!word.startsWith('--')) {
      positional.push(word)
      continue
    }
    const values: string[] = []
    const most = global[word.slice(2)] ?? Number.POSITIVE_INFINITY
    while (rest[0] && !rest[0].startsWith('--') && values.length < most)
      values.push(String(rest.shift()))
    given.set(word.slice(2), values)
  }
  const [service = '', verb = '', waiter = ''] = positional
  if (own.test(`${service} ${verb}`) || /^(?:\$@|\.{3})$/.test(verb || service))
    return []
  const model = models[service]
  if (model === undefined) return [`no service ${service}`]
  const name =
    verb === 'wait'
      ? waiters[waiter]
      : Object.keys(model.operations).find((each) => toKebab(each) === verb)
  const input = name && model.operations[name]?.input
  if (name === undefined) return [`no operation ${service} ${verb} ${waiter}`]
  // Where only a name is told, nothing is to be typed.
  if (given.size === 0 && isMention) return []
  // The CLI's own name for it, and the file that it writes the answer to.
  const endpoint = given.get('notification-endpoint')
  if (verb === 'subscribe' && endpoint) given.set('endpoint', endpoint)
  given.delete('notification-endpoint')
  const payload = given.get('payload')
  if (verb === 'invoke' && payload) given.set('payload', payload.slice(0, 1))
  return checkFlags(model, input ? model.shapes[input] : undefined, given)
}

function checkFlags(
  model: Model,
  input: Shape | undefined,
  given: ReadonlyMap<string, readonly string[]>,
): string[] {
  const members = new Map(
    Object.entries(input?.members ?? {}).map(([member, { shape }]) => [
      toKebab(member),
      model.shapes[shape],
    ]),
  )
  const wrong = [...given].flatMap(([flag, values]) => {
    if (flag in global) return []
    const shape = members.get(flag) ?? members.get(flag.replace(/^no-/, ''))
    if (shape === undefined) return [`no flag --${flag}`]
    return checkValues(flag, shape, values)
  })
  const missing = (input?.required ?? [])
    .map(toKebab)
    .filter((flag) => !given.has(flag))
  return [...wrong, ...missing.map((flag) => `--${flag} is missing`)]
}

function checkValues(
  flag: string,
  shape: Shape,
  values: readonly string[],
): string[] {
  if (shape.type === 'boolean') return []
  if (values.length === 0) return [`--${flag} has no value`]
  if (shape.type !== 'list' && values.length > 1)
    return [`--${flag} takes one value: ${values.join(' ')}`]
  const { enum: allowed } = shape
  return allowed === undefined
    ? []
    : values
        .filter((each) => !/[$<]/.test(each) && !allowed.includes(each))
        .map((each) => `--${flag} is not ${each}`)
}

/** As the CLI writes the names of operations and members. */
function toKebab(name: string): string {
  return name
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
}
