import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readScripts } from '../../bench/fidelity/read-scripts.ts';
import { ScriptError, scriptOf } from '../../bench/fidelity/script.ts';
import { TOPICS } from '../../bench/fidelity/scripts-part.ts';
import { idOf, Variables, variable } from '../../bench/fidelity/variables.ts';

const script = (more: object): object => ({ topic: 'watch', title: 'x', steps: [{ request: 'GET /api' }], ...more });
const refused = (content: unknown): string => {
  try {
    scriptOf(content, 'a.json', 'a');
  } catch (error) {
    assert.ok(error instanceof ScriptError);
    return error.message;
  }
  return 'accepted';
};

describe('a script', () => {
  test('that is none is refused with its file, step and field', () => {
    assert.match(refused(script({ steps: [] })), /^a\.json: steps: .*at least one step/);
    assert.match(
      refused(script({ steps: [{ request: 'GET /api' }, { request: 'FETCH /api' }] })),
      /^a\.json: step 2: request: /,
    );
    assert.match(
      refused(script({ steps: [{ wait: '/api', request: 'GET /api', until: {} }] })),
      /step 1: a step has exactly one of/,
    );
    assert.match(refused(script({ steps: [{ request: 'GET /api', colour: 'red' }] })), /step 1: colour/);
    assert.match(refused(script({ steps: [{ request: 'GET /api', as: 'dev' }] })), /no user "dev"/);
    assert.match(refused(script({ steps: [{ request: 'POST /api', body: {}, text: '' }] })), /either body or text/);
    assert.match(refused(script({ steps: [{ events: 'w', count: 1 }] })), /no watch before it/);
    assert.match(refused(script({ steps: [{ wait: '/api' }] })), /needs until or status/);
    assert.match(refused(script({ colour: 'red' })), /^a\.json: colour/);
    assert.equal(refused(script({})), 'accepted');
  });

  test('fills in what it saved, and a lone variable keeps its kind', () => {
    const variables = new Variables('sx', ['dev']);
    variables.set('count', 3);
    assert.deepEqual(
      variables.in({
        a: variable('count'),
        b: `n${variable('count')}`,
        [variable('id')]: [variable('user.dev'), variable('ns')],
      }),
      {
        a: 3,
        b: 'n3',
        sx: ['sx-dev', 'sx'],
      },
    );
    assert.equal(variables.text(variable('never')), 'unsaved-never');
  });
});

test('the scripts of the bench are enough, of every topic, each of six requests, with names that do not meet', () => {
  const scripts = readScripts(new URL('../../bench/fidelity/scripts', import.meta.url).pathname);
  assert.ok(scripts.length >= 150, `${scripts.length} scripts`);
  for (const topic of TOPICS) assert.ok(scripts.filter((one) => one.topic === topic).length >= 8, topic);
  for (const { name, steps, topic } of scripts) {
    assert.ok(steps.filter((step) => 'request' in step || 'watch' in step).length >= 6, name);
    assert.equal(name.split('/')[0], topic);
  }
  assert.equal(new Set(scripts.map(({ name }) => idOf(name))).size, scripts.length);
});
