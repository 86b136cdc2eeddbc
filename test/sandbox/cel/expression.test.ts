import assert from 'node:assert/strict';
import { test } from 'node:test';
import { celEnvironment, compileExpression } from '../../../src/sandbox/schema/cel/expression.ts';
import { plainValue } from '../../../src/sandbox/schema/cel/values.ts';

const run = (text: string, self: unknown): unknown =>
  compileExpression(celEnvironment(['self']), text).run({ self: plainValue(self) });

test('the libraries of Kubernetes work', () => {
  const self = { text: 'a12b', list: [3, 1, 2], size: '100m', address: '10.0.0.7' };
  for (const truth of [
    "self.text.find('[0-9]+') == '12'",
    'self.list.sum() == 6 && self.list.max() == 3 && !self.list.isSorted()',
    "quantity(self.size).isLessThan(quantity('1')) && quantity(self.size).add(quantity('900m')).asInteger() == 1",
    "cidr('10.0.0.0/24').containsIP(self.address) && ip(self.address).family() == 4",
    "url('https://host:80/path?a=b').getPort() == '80'",
    'sets.contains(self.list, [1, 2])',
    "semver('1.10.0').isGreaterThan(semver('1.9.3'))",
    "'%s:%d'.format([self.text, self.list[0]]) == 'a12b:3'",
  ])
    assert.equal(run(truth, self), true, truth);
});

test('failures are told in the words of cel-go', () => {
  assert.throws(() => run('self.absent == 1', {}), { message: 'no such key: absent' });
  assert.throws(() => run('self.list[4] == 1', { list: [1] }), { message: 'index out of bounds: 4' });
  assert.throws(() => run('1 / self.n == 1', { n: 0 }), { message: 'division by zero' });
  assert.throws(() => compileExpression(celEnvironment([]), 'nobody == 1'), {
    message: "ERROR: <input>:1:1: undeclared reference to 'nobody' (in container '')\n | nobody == 1\n | ^",
  });
});
