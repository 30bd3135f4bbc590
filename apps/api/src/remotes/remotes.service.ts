import { type EventContext, isRemoteName, RemoveRemote, type RemoteKind, SetRemote } from '@annal/domain';
import type { AnnalConfiguration, Logger, Vault } from '@annal/platform';
import { type ChangedRemote, readRemote, readRemotes, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OrthancError } from '../http/errors/http-errors.js';
import { CONFIGURATION, LOGGER, POOL, RUN, VAULT } from '../tokens.js';
import { type RemoteOptions, remoteSource } from './remote-sources.js';

/**
 * The other servers that this one talks to: those of the configuration, as users changed them. Changes hold until this server
 * ends; or, where the configuration says that they are kept in the database, for all replicas and for good, and then the
 * configuration names none.
 */
@Injectable()
export class Remotes {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(VAULT) private readonly vault: Pick<Vault, 'openText'>,
    @Inject(RUN) private readonly run: string,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  /** The names of all servers of a kind, in the order of their characters. */
  async list(kind: RemoteKind): Promise<string[]> {
    return [...(await this.known(kind)).keys()].sort(inOrder);
  }

  /** All servers of a kind by name, in the order of `list`. */
  async all<K extends RemoteKind>(kind: K): Promise<ReadonlyMap<string, RemoteOptions[K]>> {
    const known = [...(await this.known(kind))].sort(([a], [b]) => inOrder(a, b));
    const opened = await Promise.all(known.map(async ([name, one]) => [name, await this.open<K>(name, one)] as const));
    return new Map(opened.filter((entry): entry is [string, RemoteOptions[K]] => entry[1] !== null));
  }

  /**
   * How a server is reached; null: nobody knows it.
   * @param run of the server whose users changed it: a job goes on elsewhere, or after a restart
   */
  async find<K extends RemoteKind>(kind: K, name: string, run = this.run): Promise<RemoteOptions[K] | null> {
    if (!isRemoteName(name)) return null;
    const { configured, inDatabase } = remoteSource(kind, this.configuration);
    const changed = await readRemote(this.pool, kind, inDatabase ? null : run, name);
    if (changed) return this.open<K>(name, changed);
    return inDatabase ? null : (configured.get(name) ?? null);
  }

  /**
   * Reaches a server so from now on. The options are checked by those who know their kind.
   * @throws OrthancError 400 for a name that none can have
   */
  async set<K extends RemoteKind>(
    kind: K,
    name: string,
    options: RemoteOptions[K],
    context: EventContext,
  ): Promise<void> {
    if (!isRemoteName(name)) throw new OrthancError('BadRequest', 'Names have 1 to 255 characters, and no NUL');
    await this.commands.execute(new SetRemote({ kind, name, run: this.runOf(kind) }, options, context));
  }

  /** Forgets a server; false: nobody knows it. */
  async remove(kind: RemoteKind, name: string, context: EventContext): Promise<boolean> {
    if (!isRemoteName(name) || !(await this.known(kind)).has(name)) return false;
    await this.commands.execute(new RemoveRemote({ kind, name, run: this.runOf(kind) }, context));
    return true;
  }

  private runOf(kind: RemoteKind): string | null {
    return remoteSource(kind, this.configuration).inDatabase ? null : this.run;
  }

  private async known<K extends RemoteKind>(kind: K): Promise<ReadonlyMap<string, RemoteOptions[K] | ChangedRemote>> {
    const { configured, inDatabase } = remoteSource(kind, this.configuration);
    const known = new Map<string, RemoteOptions[K] | ChangedRemote>(inDatabase ? [] : configured);
    for (const changed of await readRemotes(this.pool, kind, this.runOf(kind))) {
      if (changed.sealed) known.set(changed.name, changed);
      else known.delete(changed.name);
    }
    return known;
  }

  private async open<K extends RemoteKind>(
    name: string,
    one: RemoteOptions[K] | ChangedRemote,
  ): Promise<RemoteOptions[K] | null> {
    if (!('eventId' in one)) return one;
    if (!one.sealed) return null;
    const text = await this.vault.openText(one.eventId, one.sealed);
    if (text === undefined)
      this.logger.error({ remote: name }, 'The key that the options of a remote are sealed with is lost');
    return text === undefined ? null : (JSON.parse(text) as RemoteOptions[K]);
  }
}

/** As the bytes of UTF-8 are. */
export function inOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
