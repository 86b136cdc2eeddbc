import type { Session } from '../sessions.ts';

const definition = (columns: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.NAMESPACE.example.com}
spec:
  group: NAMESPACE.example.com
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, shortNames: [bt], categories: [all, fleet]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.sails, statusReplicasPath: .status.sails, labelSelectorPath: .status.selector}
    additionalPrinterColumns:
    - {name: Sails, type: integer, jsonPath: .spec.sails, description: How many}
    - {name: Crew, type: string, jsonPath: .spec.crew, priority: 1}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
${columns}    schema:
      openAPIV3Schema:
        type: object
        description: Something that floats.
        properties:
          spec:
            type: object
            required: [sails]
            properties:
              sails: {type: integer, minimum: 0, description: How many sails it carries.}
              crew: {type: string, default: nobody}
              colour: {type: string, enum: [red, blue]}
              tags: {type: array, items: {type: object, properties: {key: {type: string}, value: {type: string}}}}
          status:
            type: object
            x-kubernetes-preserve-unknown-fields: true
`;
const BOAT = `apiVersion: NAMESPACE.example.com/v1
kind: Boat
metadata: {name: mary, labels: {sea: north}}
spec: {sails: 2, colour: red, tags: [{key: a, value: b}]}
`;

/** Kinds of one's own. */
export const CUSTOM: readonly Session[] = [
  {
    title: 'a definition, its columns, scale and life',
    files: {
      'definition.yaml': definition(''),
      'more.yaml': definition('    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}\n'),
      'boat.yaml': BOAT,
      'blue.yaml': BOAT.replace('red', 'blue').replace('sails: 2', 'sails: 3'),
      'unknown.yaml': BOAT.replace('colour', 'color'),
      // One mistake each: the real server tells several in any order.
      'wrong.yaml': BOAT.replace('sails: 2', 'sails: many'),
      'green.yaml': BOAT.replace('red', 'green'),
      'none.yaml': BOAT.replace('sails: 2, ', ''),
    },
    commands: [
      'get boats',
      'apply -f boat.yaml',
      'apply -f definition.yaml',
      'wait --for=condition=Established crd/boats.NAMESPACE.example.com --timeout=20s',
      'get crd boats.NAMESPACE.example.com -o jsonpath={.status.acceptedNames}',
      'get crd boats.NAMESPACE.example.com -o jsonpath={.status.storedVersions}',
      'get boats',
      'diff -f boat.yaml',
      'apply -f boat.yaml',
      'apply -f boat.yaml',
      'get boats',
      'get bt -o wide',
      'get boat mary -o yaml',
      'get boats.v1.NAMESPACE.example.com mary -o json',
      'get all',
      'get fleet',
      'get boats --show-labels',
      'get boats -l sea=north -o name',
      'get boats --field-selector=spec.sails=2',
      'get boats --field-selector=metadata.name=mary',
      'get boats -w --request-timeout=2s',
      'api-resources --api-group=NAMESPACE.example.com',
      'api-resources --api-group=NAMESPACE.example.com -o wide',
      'explain boat',
      'explain boat.spec',
      'explain boat.spec.tags --recursive',
      'apply -f blue.yaml',
      'diff -f boat.yaml',
      'apply -f unknown.yaml',
      'apply -f unknown.yaml --validate=warn',
      'apply -f wrong.yaml',
      'apply -f green.yaml',
      'create -f none.yaml',
      'apply --server-side -f boat.yaml --field-manager=other',
      'apply --server-side -f boat.yaml --field-manager=other --force-conflicts',
      `patch boat mary --type=merge -p '{"spec":{"crew":"five"}}'`,
      `patch boat mary -p '{"spec":{"crew":"six"}}'`,
      `patch boat mary --type=json -p '[{"op":"remove","path":"/spec/tags"}]'`,
      `patch boat mary --type=merge -p '{"status":{"sails":2,"conditions":[{"type":"Ready","status":"True"}]}}' --subresource=status`,
      'wait --for=condition=Ready boat/mary --timeout=5s',
      'get boats',
      'scale boat mary --replicas=5',
      'get boat mary -o jsonpath={.spec.sails}',
      'get boat mary --subresource=scale -o yaml',
      'label boat mary sea=south --overwrite',
      'annotate boats --all a=b',
      'describe boat mary --show-events=false',
      'describe crd boats.NAMESPACE.example.com --show-events=false',
      'apply -f more.yaml',
      'get boats',
      'auth can-i create boats --as=jane',
      'get boats --as=jane',
      'replace -f boat.yaml',
      'replace --force -f boat.yaml',
      'delete boat mary',
      'get boats -A',
      'apply -f boat.yaml',
      'delete crd boats.NAMESPACE.example.com',
      'get boats',
      'get crd boats.NAMESPACE.example.com',
    ],
  },
];
