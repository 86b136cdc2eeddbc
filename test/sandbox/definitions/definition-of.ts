/** A definition with one version and this schema for `spec` (or the whole schema when it has a type). */
export function definitionOf(
  plural: string,
  schema: object,
  more: { readonly version?: object; readonly spec?: object } = {},
): object {
  const kind = `${plural[0]?.toUpperCase()}${plural.slice(1, -1)}`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.try.example` },
    spec: {
      group: 'try.example',
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema:
              'type' in schema
                ? schema
                : { type: 'object', properties: { spec: { type: 'object', properties: schema } } },
          },
          ...more.version,
        },
      ],
      ...more.spec,
    },
  };
}

export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const pathOf = (plural: string, name = ''): string =>
  `/apis/try.example/v1/namespaces/default/${plural}${name === '' ? '' : `/${name}`}`;
/** An object of such a definition. */
export const objectOf = (plural: string, name: string, spec: unknown, more: object = {}): object => ({
  apiVersion: 'try.example/v1',
  kind: `${plural[0]?.toUpperCase()}${plural.slice(1, -1)}`,
  metadata: { name },
  ...(spec === undefined ? {} : { spec }),
  ...more,
});
