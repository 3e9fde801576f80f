import type { Command } from 'commander'

/** A bash script that completes commands, flags and file names. */
export function completionScript(program: Command): string {
  const commands = collect(program, '')
  const paths = commands.map(({ path }) => path).filter((path) => path !== '')
  return [
    '_keyward() {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash.
    '  local cur=${COMP_WORDS[COMP_CWORD]} path= next word words=',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash.
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash.
    '    next="${path:+$path }$word"',
    '    case "$next" in',
    `      ${paths.map((path) => `'${path}'`).join('|')}) path=$next ;;`,
    '    esac',
    '  done',
    '  case "$path" in',
    ...commands.map(
      ({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`,
    ),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -o default -F _keyward keyward',
  ].join('\n')
}

type Completed = { path: string; words: string[] }

function collect(command: Command, path: string): Completed[] {
  const flags = command.options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long }) => (long == null ? [] : [long]))
  const words = [
    ...command.commands.map((each) => each.name()),
    ...[...flags, '--help'],
  ]
  return [
    { path, words },
    ...command.commands.flatMap((each) =>
      collect(each, path === '' ? each.name() : `${path} ${each.name()}`),
    ),
  ]
}
