import type { KubeObject } from '../../objects/json.ts';
import { failureAnnotations } from './job-indexes.ts';
import { INDEX, type Job, TRACKING } from './job-shapes.ts';
import { podFromTemplate } from './pod-facts.ts';
import type { ContainerSpec, Pod } from './shapes.ts';

/** Longest prefix that the server ends with five characters of its own. */
const LONGEST_PREFIX = 58;

/** The Pod of a Job, of one completion index where it has them. */
export function jobPod(job: Job, index: number | undefined, replaced: Pod | undefined): KubeObject {
  const { metadata: meta = {}, spec } = job.spec.template;
  const finalizers = [...(meta.finalizers ?? []), TRACKING];
  if (index === undefined) return podFromTemplate({ metadata: { ...meta, finalizers }, spec }, job);
  const name = job.metadata.name ?? '';
  const failures = job.spec.backoffLimitPerIndex === undefined ? {} : failureAnnotations(job, replaced);
  const made = podFromTemplate(
    {
      metadata: {
        ...meta,
        finalizers,
        labels: { ...meta.labels, [INDEX]: String(index) },
        annotations: { ...meta.annotations, [INDEX]: String(index), ...failures },
      },
      spec: {
        ...spec,
        hostname: `${name}-${index}`,
        containers: spec.containers.map(withIndex),
        ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withIndex) }),
      },
    },
    job,
  );
  const end = `-${index}-`;
  const generateName = `${name.slice(0, LONGEST_PREFIX - end.length)}${end}`;
  return { ...made, metadata: { ...made.metadata, generateName } };
}

function withIndex(container: ContainerSpec): ContainerSpec {
  const { env = [] } = container;
  if (env.some(({ name }) => name === 'JOB_COMPLETION_INDEX')) return container;
  const valueFrom = { fieldRef: { fieldPath: `metadata.labels['${INDEX}']` } };
  return { ...container, env: [...env, { name: 'JOB_COMPLETION_INDEX', valueFrom }] };
}
