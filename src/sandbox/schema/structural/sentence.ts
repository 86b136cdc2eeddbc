import { invalid, type Problem } from '../../status/problem.ts';

const HEAD = ' is invalid: ';

/** Problems in one text, as Go's aggregate of errors is written: one plainly, several as `[a, b]`. */
export function aggregate(problems: readonly Problem[]): string {
  const { message } = invalid('', 'X', '', problems);
  return message.slice(message.indexOf(HEAD) + HEAD.length);
}
