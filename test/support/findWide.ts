import { runInProcess } from './runInProcess.js'

/**
 * Runs the command line on a terminal of 80 columns, and finds the lines that it
 * would break within a word. A line may be longer for one word that can't be
 * broken, such as a hash, and for a command that is to be copied.
 */
export async function findWide(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const ran = await runInProcess(args, env, { columns: 80 })
  return `${ran.stdout}\n${ran.stderr}`
    .split('\n')
    .filter((line) => line.length > 80 && !isWhole(line))
    .map((line) => `${args.join(' ')}: ${line}`)
}

function isWhole(line: string): boolean {
  const isCommand = /^ +(?:npx|aws|keyward) /.test(line)
  const [, text = line] = /^ *\S+(?: \S+)* {2,}(\S.*)$/.exec(line) ?? []
  return isCommand || !text.trim().includes(' ')
}
