const CODES = { danger: '31', warning: '33', good: '32', faint: '2', strong: '1' } as const;
export type Paint = (tone: keyof typeof CODES, text: string) => string;

/** Colours text where colour is wanted, and leaves it alone where not. */
export function paintFor(colour: boolean): Paint {
  return (tone, text) => (colour ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text);
}
