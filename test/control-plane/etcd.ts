import { ask } from './api.ts';

/** The little of etcd's HTTP gateway that tests need: the API server's store, behind its back. */
export interface Etcd {
  readonly put: (key: string, value: string) => Promise<void>;
  readonly keys: (prefix: string) => Promise<string[]>;
  readonly compact: () => Promise<number>;
}

interface RangeAnswer {
  readonly header: { readonly revision: string };
  readonly kvs?: readonly { readonly key: string }[];
}

/** kube-apiserver keeps the last compacted revision here, watches it, and then drops what it has cached. */
const COMPACTED = 'compact_rev_key';

export function etcdAt(url: string): Etcd {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  async function call(path: string, body: object): Promise<string> {
    const answer = await ask({ url }, 'POST', path, body);
    if (answer.status !== 200) throw new Error(`etcd ${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  }

  async function range(body: object): Promise<RangeAnswer> {
    return JSON.parse(await call('/v3/kv/range', body));
  }

  async function put(key: string, value: string): Promise<void> {
    await call('/v3/kv/put', { key: base64(key), value: base64(value) });
  }

  return {
    put,
    async keys(prefix) {
      // The end of a prefix is the same text with its last byte one higher.
      const end = Buffer.from(prefix);
      end[end.length - 1] = (end.at(-1) ?? 0) + 1;
      const found = await range({ key: base64(prefix), range_end: end.toString('base64'), keys_only: true });
      return (found.kvs ?? []).map(({ key }) => Buffer.from(key, 'base64').toString('utf8'));
    },
    async compact() {
      const { header } = await range({ key: base64(COMPACTED), count_only: true });
      await call('/v3/kv/compaction', { revision: header.revision, physical: true });
      await put(COMPACTED, header.revision);
      return Number(header.revision);
    },
  };
}
