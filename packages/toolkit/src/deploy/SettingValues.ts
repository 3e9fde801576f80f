/** Settings of the stack by the names that the CDK app has for them. */
export type Settings = Readonly<Record<string, unknown>>
