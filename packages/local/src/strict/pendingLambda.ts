import { AwsError, type Service } from '../protocol/Service.js'

/** How long a change to a function's code or configuration takes. */
const changingMs = 2000

const change =
  /^\/2015-03-31\/functions\/([^/]+)\/(code|configuration|versions)$/
const read = /^\/2015-03-31\/functions\/([^/]+)(?:\/configuration)?$/

/** Lambda with a brief pending state after each change to a function. */
export function pendingLambda(service: Service, now: () => number): Service {
  const busyUntil = new Map<string, number>()
  const isBusy = (name: string) => (busyUntil.get(name) ?? 0) > now()
  const nameOf = (part = '') =>
    decodeURIComponent(part)
      .replace(/^.*:function:/, '')
      .replace(/:.*$/, '')
  return {
    ...service,
    async handle(request) {
      const { method, path } = request
      const [, changed, what] = change.exec(path) ?? []
      const changes =
        method === 'PUT' || (method === 'POST' && what === 'versions')
      if (changed !== undefined && changes) {
        const name = nameOf(changed)
        if (isBusy(name))
          return service.renderError(
            new AwsError(
              'ResourceConflictException',
              `The operation cannot be performed at this time. An update is in progress for resource: ${name}`,
              409,
            ),
            request.requestId,
          )
        const answer = await service.handle(request)
        if (answer.status < 300 && what !== 'versions')
          busyUntil.set(name, now() + changingMs)
        return changing(answer, isBusy(name))
      }
      const answer = await service.handle(request)
      const [, name] = read.exec(path) ?? []
      if (method !== 'GET' || name === undefined) return answer
      return changing(answer, isBusy(nameOf(name)))
    },
  }
}

function changing(
  answer: Awaited<ReturnType<Service['handle']>>,
  isBusy: boolean,
) {
  if (!isBusy || typeof answer.body !== 'string') return answer
  const body = answer.body.replaceAll(
    '"LastUpdateStatus":"Successful"',
    '"LastUpdateStatus":"InProgress","LastUpdateStatusReasonCode":"Creating"',
  )
  return { ...answer, body }
}
