/** Sends what is posted within one turn of the event loop together: waking another process is what a message costs. */
export class Mailbox<M> {
  private messages: M[] = [];

  constructor(private readonly send: (messages: readonly M[]) => void) {}

  post(message: M): void {
    if (this.messages.push(message) === 1) setImmediate(() => this.flush());
  }

  private flush(): void {
    const { messages } = this;
    this.messages = [];
    this.send(messages);
  }
}
