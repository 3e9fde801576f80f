/** Calls `onLine` for each complete line and, at the end, for the rest. */
export function readLines(
  stream: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
) {
  let rest = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  stream?.on('end', () => rest !== '' && onLine(rest))
}
