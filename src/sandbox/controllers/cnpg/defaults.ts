import type { JsonObject } from '../../../objects/json.ts';

const PARAMETERS: Readonly<Record<string, string>> = {
  archive_mode: 'on',
  archive_timeout: '5min',
  dynamic_shared_memory_type: 'posix',
  full_page_writes: 'on',
  log_destination: 'csvlog',
  log_directory: '/controller/log',
  log_filename: 'postgres',
  log_rotation_age: '0',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'false',
  logging_collector: 'on',
  max_parallel_workers: '32',
  max_replication_slots: '32',
  max_worker_processes: '32',
  shared_memory_type: 'mmap',
  shared_preload_libraries: '',
  ssl_max_protocol_version: 'TLSv1.3',
  ssl_min_protocol_version: 'TLSv1.3',
  wal_keep_size: '512MB',
  wal_level: 'logical',
  wal_log_hints: 'on',
  wal_receiver_timeout: '5s',
  wal_sender_timeout: '5s',
};

/**
 * What the operator's mutating webhook writes into a Cluster's spec, and the operator itself when it finds that missing: so an
 * exported Cluster always names a bootstrap (postgres 3.1).
 */
export function defaultedSpec(spec: JsonObject): JsonObject {
  const bootstrap = (spec.bootstrap ?? { initdb: {} }) as JsonObject;
  const { initdb } = bootstrap as { initdb?: JsonObject };
  const postgresql = (spec.postgresql ?? {}) as JsonObject;
  const monitoring = (spec.monitoring ?? {}) as JsonObject;
  const database = initdb?.database ?? 'app';
  return {
    imageName: 'ghcr.io/cloudnative-pg/postgresql:18',
    ...spec,
    bootstrap:
      initdb === undefined
        ? bootstrap
        : {
            initdb: {
              encoding: 'UTF8',
              localeCType: 'C',
              localeCollate: 'C',
              ...initdb,
              database,
              owner: initdb.owner ?? database,
            },
          },
    monitoring: {
      disableDefaultQueries: false,
      ...monitoring,
      ...(monitoring.disableDefaultQueries === true || monitoring.customQueriesConfigMap !== undefined
        ? {}
        : { customQueriesConfigMap: [{ key: 'queries', name: 'cnpg-default-monitoring' }] }),
    },
    postgresql: {
      ...postgresql,
      parameters: { ...PARAMETERS, ...((postgresql.parameters ?? {}) as JsonObject) },
    },
  };
}
