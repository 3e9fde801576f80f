/** The parts of a CloudFormation template that are used here. */
export type Template = {
  Resources?: Readonly<Record<string, TemplateResource>>
  Metadata?: Readonly<Record<string, unknown>>
}

type TemplateResource = {
  Type: string
  Properties?: Readonly<Record<string, unknown>>
  DeletionPolicy?: string
}

/** Each function's environment, by logical id. */
export function environments(
  template: Template,
): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(
    ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => {
      const { Variables = {} } = (Properties?.Environment ?? {}) as {
        Variables?: Record<string, unknown>
      }
      return [id, Variables]
    }),
  )
}

/**
 * The account to which all signers are pinned; undefined if a signer has no pin
 * or the pins differ.
 *
 * @param role - In a multisig, the role whose signers are checked.
 */
export function pinOf(template: Template, role?: string): string | undefined {
  const construct =
    role === 'relayer' ? 'Sender' : role?.replace('owner-', 'Cosigner')
  const ids = construct && new RegExp(`^${construct}(?!\\d)`)
  const signers = [...environments(template)].filter(
    ([id, { KMS_KEY_ID }]) =>
      KMS_KEY_ID !== undefined && (!ids || ids.test(id)),
  )
  const pins = new Set(
    signers.map(([, { KEYWARD_ADDRESS }]) => KEYWARD_ADDRESS),
  )
  const [pin] = pins
  return pins.size === 1 && typeof pin === 'string' ? pin : undefined
}

/** The reserved concurrency that the template gives a function. */
export function reservedOf(
  template: Template,
  logicalId: string,
): number | undefined {
  const { ReservedConcurrentExecutions: reserved } =
    template.Resources?.[logicalId]?.Properties ?? {}
  return reserved === undefined ? undefined : Number(reserved)
}

/** Whether the resource remains when its stack is deleted. */
export function isRetained(template: Template, logicalId: string): boolean {
  const policy = template.Resources?.[logicalId]?.DeletionPolicy
  return policy === 'Retain' || policy === 'RetainExceptOnCreate'
}

/**
 * The principals to which the key's policy allows an action, as written in the
 * template.
 */
export function allowedBy(template: Template, action: string): string[] {
  return ofType(template, 'AWS::KMS::Key').flatMap(([, { Properties }]) => {
    const { Statement = [] } = (Properties?.KeyPolicy ?? {}) as {
      Statement?: PolicyStatement[]
    }
    return Statement.filter(
      ({ Effect, Action }) =>
        Effect === 'Allow' && [Action].flat().includes(action),
    ).flatMap(({ Principal }) =>
      [Principal?.AWS].flat().filter((each) => typeof each === 'string'),
    )
  })
}

type PolicyStatement = {
  Effect?: string
  Action?: string | string[]
  Principal?: { AWS?: unknown }
}

function ofType(
  { Resources = {} }: Template,
  type: string,
): [string, TemplateResource][] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type)
}

/** Whether the stack's functions sign for the local chain. */
export function isForLocalChain(template: Template): boolean {
  return [...environments(template).values()].some(
    ({ ETH_NETWORK }) => ETH_NETWORK === 'local' || ETH_NETWORK === '31337',
  )
}

/** The logical ids of the keys that sign for Ethereum accounts. */
export function ethereumKeys(template: Template): string[] {
  return ofType(template, 'AWS::KMS::Key').flatMap(([id, { Properties }]) =>
    Properties?.KeySpec === 'ECC_SECG_P256K1' ? [id] : [],
  )
}

/** The name that the template gives a function, if it spells it out. */
export function nameOfFunction(template: Template, logicalId: string): unknown {
  return template.Resources?.[logicalId]?.Properties?.FunctionName
}

/** Whether the template stores the settings from which it was made. */
export function hasSettings({ Metadata }: Template): boolean {
  return Metadata?.['Keyward::Settings'] !== undefined
}

/** The settings from which a template was made, as stored in the template. */
export function settingsOf(
  template: Template | undefined,
): Readonly<Record<string, unknown>> {
  const kept = template?.Metadata?.['Keyward::Settings']
  return typeof kept === 'object' && kept !== null
    ? (kept as Record<string, unknown>)
    : {}
}
