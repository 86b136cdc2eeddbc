import { celEnvironment, compileExpression } from './expression.ts';

const wrap = compileExpression(celEnvironment(['value']), 'optional.of(value)');
const none = compileExpression(celEnvironment([]), 'optional.none()').run({});

/** An optional value of the language. */
export const Optional = (present: boolean, value: unknown): unknown => (present ? wrap.run({ value }) : none);
