import { Argument, type Command } from 'commander'
import { define } from '../../program/define.js'

/** @param program - The program whose commands are completed. */
export const completionCommand = (program: () => Command) =>
  define('completion', {
    description: 'print a shell script that completes commands and flags',
    takes: {
      shell: {
        declared: new Argument('<shell>', 'the shell').choices(['bash']),
        read: (typed: unknown) => String(typed),
      },
    },
    examples: [
      'eval "$(keyward completion bash)"',
      'keyward completion bash >~/.local/share/bash-completion/completions/keyward',
    ],
    async run() {
      const { completionScript } = await import('./completionScript.js')
      const text = completionScript(program())
      return { data: { shell: 'bash', script: text }, text, isVerbatim: true }
    },
  })
