/** Settings of the stack, with the CDK app's names. */
export type Settings = Readonly<Record<string, unknown>>
