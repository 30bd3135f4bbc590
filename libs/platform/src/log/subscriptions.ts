import type { Subscription } from '@annal/domain';

/** The subscriptions of a log, which end with it. */
export class Subscriptions {
  private readonly open = new Set<Subscription>();

  /** Starts one. @param follow runs until the signal says stop */
  start(follow: (stop: AbortSignal) => Promise<void>): Subscription {
    const stopping = new AbortController();
    const ended = follow(stopping.signal);
    ended.catch(() => undefined);
    const subscription = {
      ended,
      stop: async (): Promise<void> => {
        stopping.abort();
        this.open.delete(subscription);
        await ended;
      },
    };
    this.open.add(subscription);
    return subscription;
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    await Promise.allSettled([...this.open].map((subscription) => subscription.stop()));
  }
}
