/** Whether some text fits both patterns of `*` and `?`. */
export function intersect(a: string, b: string): boolean {
  const left = Array.from(a)
  const right = Array.from(b)
  // reach[j]: the first i characters of `a` and j of `b` can stand for the same.
  let reach = right.map(() => false)
  reach.unshift(true)
  for (let j = 1; j <= right.length; j++)
    reach[j] = reach[j - 1] === true && right[j - 1] === '*'
  for (let i = 1; i <= left.length; i++) {
    const x = left[i - 1]
    const next = [reach[0] === true && x === '*']
    for (let j = 1; j <= right.length; j++) {
      const y = right[j - 1]
      const both = x === y || x === '?' || y === '?'
      next[j] =
        (x !== '*' && y !== '*' && both && reach[j - 1] === true) ||
        (x === '*' && (reach[j] === true || next[j - 1] === true)) ||
        (y === '*' && (reach[j] === true || next[j - 1] === true))
    }
    reach = next
  }
  return reach[right.length] === true
}

/** Whether what fits `inner` surely fits `outer`; false where it is not seen. */
export function covers(outer: string, inner: string): boolean {
  if (outer === '*' || outer === inner) return true
  if (!/^[^*?]*\*$/.test(outer)) return false
  return inner.replace(/[*?].*$/s, '').startsWith(outer.slice(0, -1))
}
