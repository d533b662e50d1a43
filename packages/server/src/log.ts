import { destination, pino, stdTimeFunctions } from "pino";
import type { LogLevel } from "./config.ts";

/** Where the server tells its operator what happens: a sentence and the values it is about. */
export interface Log {
  debug(sentence: string, about?: LogFields): void;
  info(sentence: string, about?: LogFields): void;
  /** Something to look at when there is time; the server goes on unharmed. */
  warn(sentence: string, about?: LogFields): void;
  /** Something was lost or refused that should not have been. */
  error(sentence: string, about?: LogFields): void;
}

/** An `err` that is an Error is written with its stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface LineSink {
  write(line: string): void;
}

/** Lines of JSON on stderr, written at once: what is said before a crash is on disk after it. */
export function createLog(level: LogLevel, stream: LineSink = destination({ dest: 2, sync: true })): Log {
  const lines = pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: stdTimeFunctions.isoTime,
    },
    stream,
  );
  return {
    debug: (sentence, about) => lines.debug(about, sentence),
    info: (sentence, about) => lines.info(about, sentence),
    warn: (sentence, about) => lines.warn(about, sentence),
    error: (sentence, about) => lines.error(about, sentence),
  };
}

export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
