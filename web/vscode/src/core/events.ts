// Server-sent events, read from chunks that end anywhere.

export interface ServerEvent {
  /** The last id that the stream named. */
  id: string;
  data: string;
}

/** Puts events together from bytes as they come. */
export class EventReader {
  private readonly decoder = new TextDecoder();
  private rest = "";
  private id = "";
  private data: string[] = [];

  /** Takes in bytes and returns the events that end in them. */
  read(bytes: Uint8Array): ServerEvent[] {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.line(line.replace(/\r$/, "")) ?? []);
  }

  private line(line: string): ServerEvent | undefined {
    if (line === "") {
      const event = { id: this.id, data: this.data.join("\n") };
      this.data = [];
      return event.data === "" ? undefined : event;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    // Comments keep the connection open; nothing else is sent.
    if (field === "data") this.data.push(value);
    if (field === "id") this.id = value;
    return undefined;
  }
}
