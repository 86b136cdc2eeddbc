import { spawn } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../objects/json.ts';
import { clusterFault } from '../codes.ts';
import type { Endpoint, Identity } from '../http/dial.ts';
import type { ClusterEntry, ExecEntry } from './document.ts';
import { shown } from './fields.ts';
import type { Environment } from './locate.ts';
import { checkPem } from './pem.ts';

/** `terminal`: whether a person sits at the other end; `say` shows that person what a plugin writes. */
export interface Talk {
  readonly terminal: boolean;
  readonly say: (text: string) => void;
}

export interface ExecCredential {
  readonly token?: string;
  readonly identity?: Identity;
  /** Milliseconds since 1970; without it the credential holds as long as the process. */
  readonly expires?: number;
}

interface ExecSurroundings {
  readonly env: Environment;
  readonly now: () => number;
  readonly talk: Talk;
  readonly cluster: { readonly entry: ClusterEntry; readonly endpoint: Endpoint };
}

const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const MOST_OUTPUT = 4 << 20;
/** A person may have to log in at a browser. */
const MOST_MILLIS = 300_000;

/** Runs a credential plugin when there is no credential, or it has expired; once at a time. */
export class ExecPlugin {
  readonly #entry: ExecEntry;
  readonly #around: ExecSurroundings;
  #known: ExecCredential | undefined;
  #running: Promise<ExecCredential> | undefined;

  constructor(entry: ExecEntry, around: ExecSurroundings) {
    this.#entry = entry;
    this.#around = around;
    if (!VERSIONS.includes(entry.apiVersion))
      throw clusterFault(
        'KUBECONFIG-UNSUPPORTED',
        `Credential plugins of ${shown(entry.apiVersion)} are not supported.`,
        {
          hint: `Let the plugin's maker write the kubeconfig anew with one of ${VERSIONS.join(', ')}.`,
        },
      );
    if (entry.interactiveMode === 'Always' && !around.talk.terminal)
      throw this.#failed('needs a terminal (interactiveMode: Always)');
  }

  async credential(): Promise<ExecCredential> {
    const known = this.#known;
    if (known !== undefined && (known.expires === undefined || known.expires > this.#around.now())) return known;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return await this.#running;
  }

  /** The credential was refused: the next request runs the plugin again. */
  forget(): void {
    this.#known = undefined;
  }

  async #run(): Promise<ExecCredential> {
    const found = this.#decode(await this.#output());
    this.#known = found;
    return found;
  }

  #output(): Promise<string> {
    const { command, args, env, folder } = this.#entry;
    const relative = /[/\\]/.test(command) && !isAbsolute(command);
    const interactive = this.#interactive;
    return new Promise((resolve, reject) => {
      const child = spawn(relative ? join(folder, command) : command, [...args], {
        stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
        env: {
          ...this.#around.env,
          ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
          KUBERNETES_EXEC_INFO: JSON.stringify(this.#info()),
        },
      });
      // Not spawn's own timeout: its timer outlives a command that cannot be run.
      const timer = setTimeout(() => child.kill('SIGKILL'), MOST_MILLIS);
      const pieces: Buffer[] = [];
      let size = 0;
      let said = '';
      child.stdout?.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > MOST_OUTPUT) child.kill('SIGKILL');
        else pieces.push(piece);
      });
      child.stderr?.on('data', (piece: Buffer) => {
        const text = piece.toString('utf8');
        said = (said + text).slice(-2000);
        if (this.#around.talk.terminal) this.#around.talk.say(text);
      });
      child.once('error', (cause) => {
        clearTimeout(timer);
        reject(this.#failed('cannot be run', said, cause));
      });
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        if (size > MOST_OUTPUT) reject(this.#failed(`wrote more than ${MOST_OUTPUT} bytes`));
        else if (code !== 0) reject(this.#failed(`ended with ${signal ?? `exit code ${code}`}`, said));
        else resolve(Buffer.concat(pieces).toString('utf8'));
      });
    });
  }

  get #interactive(): boolean {
    return this.#entry.interactiveMode !== 'Never' && this.#around.talk.terminal;
  }

  #info(): object {
    const { entry, endpoint } = this.#around.cluster;
    const cluster = {
      server: endpoint.url.href.replace(/\/$/, ''),
      'tls-server-name': endpoint.serverName,
      'insecure-skip-tls-verify': endpoint.insecure ? true : undefined,
      'certificate-authority-data':
        endpoint.authority === undefined ? undefined : Buffer.from(endpoint.authority).toString('base64'),
      'proxy-url': entry.proxyUrl,
    };
    return {
      apiVersion: this.#entry.apiVersion,
      kind: 'ExecCredential',
      spec: { interactive: this.#interactive, ...(this.#entry.provideClusterInfo ? { cluster } : {}) },
    };
  }

  #decode(text: string): ExecCredential {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw this.#failed('wrote something that is no JSON', '', cause);
    }
    if (!isJsonObject(value) || value.kind !== 'ExecCredential' || !isJsonObject(value.status))
      throw this.#failed('wrote no ExecCredential with a status');
    if (value.apiVersion !== this.#entry.apiVersion)
      throw this.#failed(`wrote an ExecCredential of another version than ${this.#entry.apiVersion}`);
    return this.#status(value.status);
  }

  #status(status: JsonObject): ExecCredential {
    const text = (field: string): string | undefined => {
      const value = status[field];
      if (value === undefined || value === null || value === '') return undefined;
      if (typeof value !== 'string') throw this.#failed(`wrote a status whose ${field} is no text`);
      return value;
    };
    const token = text('token');
    const cert = text('clientCertificateData');
    const key = text('clientKeyData');
    const until = text('expirationTimestamp');
    if ((cert === undefined) !== (key === undefined)) throw this.#failed('gave only one of certificate and key');
    if (token === undefined && cert === undefined) throw this.#failed('gave neither a token nor a certificate');
    const expires = until === undefined ? undefined : Date.parse(until);
    if (Number.isNaN(expires)) throw this.#failed('gave an expirationTimestamp that is no time');
    if (cert !== undefined) checkPem(Buffer.from(cert), 'client-certificate', this.#entry.command);
    return {
      ...(token === undefined ? {} : { token }),
      ...(cert === undefined || key === undefined ? {} : { identity: { cert, key } }),
      ...(expires === undefined ? {} : { expires }),
    };
  }

  #failed(how: string, said = '', cause?: unknown) {
    const { command, installHint } = this.#entry;
    const words = said.trim() === '' ? '' : ` It said: ${shown(said.trim().slice(-100))}`;
    return clusterFault('CREDENTIAL-FAILED', `The credential plugin ${shown(command)} ${how}.${words}`, {
      hint: installHint === undefined ? 'Run it by hand to see what it needs.' : installHint.slice(0, 2000),
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
